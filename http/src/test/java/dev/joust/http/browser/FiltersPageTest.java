// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import dev.joust.http.Drawings;
import dev.joust.http.RunningServer;

/// Filters, and the collection as it was.
class FiltersPageTest extends PageTest {
    private static final int JPEG_COUNT = 6;
    private static final int PNG_COUNT = 3;

    @Override
    boolean ownsCollection() {
        return true;
    }

    @Override
    void fill(RunningServer server) throws IOException {
        for (var picture : demoPictures(JPEG_COUNT)) {
            server.upload(Files.readAllBytes(picture));
        }
        for (int i = 0; i < PNG_COUNT; i++) {
            server.upload(Drawings.circle(i, "png"));
        }
    }

    @Test
    void formatLimitsWhatIsFoundAndIsAChipToRemove() {
        byId("f-format").sendKeys("PNG");
        waitFor("the PNGs", () -> isSettled() && resultCount() == PNG_COUNT);
        assertEquals("?format=png", query());
        assertEquals(PNG_COUNT + " pictures · version " + (JPEG_COUNT + PNG_COUNT + 1), text("latency"));
        searchFor("a circle");
        assertEquals(PNG_COUNT, resultCount());
        one("#filter-chips .chip").click();
        waitFor("all", () -> isSettled() && resultCount() == JPEG_COUNT + PNG_COUNT);
    }

    @Test
    void conditionOfOnesOwnAndWidthGoTogether() {
        byId("f-where").sendKeys("format = 'jpeg'");
        byId("f-width").sendKeys("100", Keys.ENTER);
        waitFor("the JPEGs", () -> isSettled() && resultCount() == JPEG_COUNT);
        assertEquals(2, all("#filter-chips .chip").size());
        byId("f-width").clear();
        byId("f-width").sendKeys("5000", Keys.ENTER);
        waitFor("nothing", () -> isSettled() && resultCount() == 0 && text("nothing").contains("Nothing found"));
        one("#nothing .reset").click();
        waitFor("all", () -> isSettled() && resultCount() == JPEG_COUNT + PNG_COUNT);
    }

    @Test
    void sliderStaysWhereItIsHeldWhileVersionsAreAdded() throws IOException {
        String held = String.valueOf(browser().executeScript("""
                const slider = document.getElementById('version');
                slider.value = 4;
                slider.dispatchEvent(new Event('input', {bubbles: true}));
                return document.getElementById('version-value').textContent;
                """));
        byId("files").sendKeys(Files.write(folder().resolve("new.png"), Drawings.circle(70, "png")).toString());
        waitFor("the new picture", () -> text("count").equals(JPEG_COUNT + PNG_COUNT + 1 + " pictures"));
        assertEquals(held, text("version-value"));
        browser().executeScript("document.getElementById('version').dispatchEvent(new Event('change', {bubbles: true}))");
        waitFor("four pictures", () -> isSettled() && query().equals("?version=5") && resultCount() == 4);
        server().library().delete(shownAfterAll());
    }

    private String shownAfterAll() {
        return server().get("/images?k=1").body().get("pictures").get(0).get("id").asText().substring("images/".length());
    }

    @Test
    void olderVersionsShowWhatWasThereAndCannotBeChanged() {
        assertTrue(byId("version-part").isDisplayed());
        // The first version is empty, each picture adds one
        slide("version", 4);
        waitFor("four pictures", () -> isSettled() && resultCount() == 4);
        assertEquals("?version=5", query());
        assertTrue(text("past-text").contains("version 5"), text("past-text"));
        assertTrue(text("version-value").contains("4 pictures"), text("version-value"));
        one("#results .shot").click();
        waitFor("the picture", () -> byId("detail").isDisplayed());
        assertFalse(byId("detail-delete").isDisplayed());
        press(Keys.ESCAPE);
        searchFor("a circle");
        assertEquals(4, resultCount());
        slide("version", 0);
        waitFor("nothing", () -> isSettled() && resultCount() == 0 && text("nothing").contains("no picture in it then"));
        byId("past-now").click();
        waitFor("now", () -> isSettled() && resultCount() == JPEG_COUNT + PNG_COUNT);
        assertFalse(byId("past-banner").isDisplayed());
    }
}
