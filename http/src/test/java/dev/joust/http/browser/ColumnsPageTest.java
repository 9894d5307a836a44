// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

import dev.joust.http.Forms;
import dev.joust.http.RunningServer;
import dev.joust.http.SecondModels;
import dev.joust.pictures.LibraryOptions;

/// Choosing among columns of vectors: of pictures by two models, of captions by a third.
class ColumnsPageTest extends PageTest {
    private static final int CAPTIONED = 8;
    private static final int COUNT = 12;

    private final SecondModels models = new SecondModels();

    @Override
    boolean ownsCollection() {
        return true;
    }

    @Override
    LibraryOptions libraryOptions() {
        return models.options();
    }

    @Override
    void fill(RunningServer server) throws IOException {
        Forms pictures = new Forms();
        int number = 0;
        for (Path picture : demoPictures(COUNT)) {
            pictures.field("caption", number < CAPTIONED ? "picture number " + number : "").file(null, null, Files.readAllBytes(picture));
            number++;
        }
        server.uploadAll(pictures);
        models.addColumns(server);
    }

    @AfterAll
    void closeModels() {
        models.close();
    }

    private void choose(String column) {
        browser().executeScript("""
                const select = document.getElementById('column');
                select.value = arguments[0];
                select.dispatchEvent(new Event('change', {bubbles: true}));
                """, column);
        waitFor("the column", () -> isSettled() && query().contains("column=" + column));
    }

    private List<String> found(String parameters) {
        return StreamSupport.stream(server().get("/search?k=24&" + parameters).body().get("results").spliterator(), false)
                .map(hit -> hit.get("id").asText()).toList();
    }

    private String chosen() {
        return String.valueOf(byId("column").getDomProperty("value"));
    }

    @Test
    void wordsAreSearchedInTheColumnChosenWhichTheAddressKeeps() {
        assertEquals(List.of("pictures, tiny-clip", "pictures, siglip", "captions, sentence-mean"),
                all("#column option").stream().map(WebElement::getText).toList());
        searchFor("picture number 3");
        List<String> usual = shownIds();
        assertFalse(text("latency").contains("siglip"), text("latency"));
        choose("other");
        List<String> other = shownIds();
        assertNotEquals(usual, other);
        assertEquals(found("text=picture+number+3&column=other"), other);
        assertTrue(text("latency").contains("pictures, siglip"), text("latency"));
        choose("words");
        assertEquals(found("text=picture+number+3&column=words"), shownIds());
        assertEquals(CAPTIONED, resultCount());
        assertTrue(text("column-note").contains("without a caption"), text("column-note"));
        browser().navigate().refresh();
        waitFor("the same after a reload", () -> isSettled() && resultCount() == CAPTIONED);
        assertEquals("words", chosen());
        browser().navigate().back();
        waitFor("the other column", () -> isSettled() && shownIds().equals(other));
        assertEquals("other", chosen());
        byId("clear").click();
        waitFor("all pictures", () -> isSettled() && text("heading").equals("All pictures"));
        assertEquals("?column=other", query());
    }

    @Test
    void aPictureIsSearchedAmongPicturesAndToldWhyNotAmongCaptions() throws IOException {
        choose("other");
        byId("sample-file").sendKeys(demoPictures(3).getLast().toString());
        waitFor("itself", () -> isSettled() && !distances().isEmpty());
        assertEquals(0.0, distances().getFirst(), 0.001);
        choose("words");
        waitFor("the reason", () -> text("message").contains("Captions are searched, and a picture of your own has none"));
        assertEquals(0, resultCount());
        byId("message-act").click();
        waitFor("itself again", () -> isSettled() && !distances().isEmpty());
        assertEquals(0.0, distances().getFirst(), 0.001);
        assertFalse(byId("message").isDisplayed());
        assertEquals("", chosen());
    }

    @Test
    void moreLikeAPictureGoesByTheColumnChosen() {
        for (String column : List.of("other", "words")) {
            open("/?q=picture%20number%201&column=" + column);
            String first = shownIds().getFirst();
            browser().executeScript("document.querySelector('.more-like').click()");
            waitFor("ones like it", () -> isSettled() && all("#chips .like").size() == 1);
            byId("words").clear();
            byId("words").submit();
            waitFor("only those", () -> isSettled() && text("heading").equals("Pictures like those chosen"));
            assertEquals(found("like=" + first + "&column=" + column), shownIds());
        }
    }

    @Test
    void columnThatIsNotThereIsSaidAndLeft() {
        open("/?q=a%20star&column=gone");
        assertTrue(text("message").contains("no column 'gone'"), text("message"));
        byId("message-act").click();
        waitFor("results", () -> isSettled() && resultCount() == COUNT);
        assertEquals("?q=a%20star", query());
    }

    @Override
    boolean isExpected(String complaint) {
        return complaint.contains("column=gone") && complaint.contains("400");
    }
}
