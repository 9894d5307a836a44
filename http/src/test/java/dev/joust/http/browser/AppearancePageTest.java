// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import dev.joust.http.Forms;
import dev.joust.http.RunningServer;

/// Light and dark, desktop and phone. Makes the pictures of the documentation.
class AppearancePageTest extends PageTest {
    @Override
    boolean ownsCollection() {
        return true;
    }

    @Override
    void fill(RunningServer server) throws IOException {
        List<Path> pictures = demoPictures(120);
        JsonNode captions = new ObjectMapper().readTree(pictures.getFirst().resolveSibling("captions.json").toFile());
        Forms upload = new Forms().field("tags", "demo");
        for (int i = 0; i < pictures.size(); i++) {
            upload.field("caption", captions.get(i).get("caption").asText())
                    .file(null, null, Files.readAllBytes(pictures.get(i)));
        }
        server.uploadAll(upload);
    }

    private String background() {
        return String.valueOf(browser().executeScript("return getComputedStyle(document.body).backgroundColor"));
    }

    private void prefer(String scheme) {
        browser().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    @Test
    void coloursFollowTheSystemUntilOneIsChosen() throws IOException {
        open("/?q=a%20red%20star");
        String light = background();
        keepScreenshot("page-light");
        prefer("dark");
        String dark = background();
        assertNotEquals(light, dark);
        keepScreenshot("page-dark");
        byId("theme").click();
        assertEquals(light, background());
        byId("theme").click();
        prefer("light");
        assertEquals(dark, background());
        open("/");
        assertEquals(dark, background());
        byId("theme").click();
        assertEquals(light, background());
    }

    @Test
    void phoneWidthNeedsNoSidewaysScrollingAndSettingsSlideIn() throws IOException {
        resize(390, 844);
        open("/?q=a%20green%20house");
        Object overflow = browser().executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertEquals(0L, overflow);
        keepScreenshot("page-phone");
        assertFalse(byId("f-format").isDisplayed());
        byId("tune").click();
        waitFor("the settings", () -> byId("f-format").isDisplayed());
        press(Keys.ESCAPE);
        waitFor("them to go", () -> !byId("f-format").isDisplayed());
        one("#results .shot").click();
        waitFor("the picture", () -> byId("detail").isDisplayed());
        assertEquals(0L, browser().executeScript("return document.getElementById('detail').scrollWidth - innerWidth"));
    }

    private void assertReadable() throws IOException {
        try (InputStream script = getClass().getResourceAsStream("contrast.js")) {
            String measure = new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
            for (String scheme : List.of("light", "dark")) {
                prefer(scheme);
                assertEquals(List.of(), browser().executeScript(measure), scheme);
            }
        }
    }

    @Test
    void everyTextHasEnoughContrastInLightAndDark() throws IOException {
        open("/?q=a%20red%20star&tag=demo&version=2");
        assertReadable();
        one("#results .shot").click();
        waitFor("the picture", () -> byId("detail").isDisplayed());
        assertReadable();
        open("/?where=nonsense");
        assertReadable();
    }

    @Override
    boolean isExpected(String complaint) {
        return complaint.contains("where=nonsense") && complaint.contains("400");
    }

    @Test
    void detailShowsCaptionAndFacts() throws IOException {
        open("/?q=a%20red%20star");
        one("#results .shot").click();
        waitFor("the picture", () -> byId("detail").isDisplayed());
        assertTrue(text("detail-title").contains("red star"), text("detail-title"));
        keepScreenshot("page-detail");
    }

    @Test
    void everyPictureOfTheGridShowsAndNothingMovesWhereLessMotionIsAskedFor() {
        waitFor("pictures", () -> is("""
                const shown = [...document.querySelectorAll('#results img')];
                shown.forEach(picture => picture.loading = 'eager');
                return shown.length > 0 && shown.every(picture => picture.complete && picture.naturalWidth > 0);
                """));
        assertEquals(0, all(".card.broken").size());
        assertEquals("none", browser().executeScript(
                "return getComputedStyle(document.querySelector('.shot img')).transitionProperty"));
    }
}
