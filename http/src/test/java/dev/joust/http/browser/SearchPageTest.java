// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import dev.joust.http.Drawings;

/// Searching by words, by pictures, by both; pages; how exact.
class SearchPageTest extends PageTest {
    @Test
    void newestPicturesShowFirstAndForTypedWordsTheNearestWithTimeAndVersion() {
        assertEquals(PAGE_SIZE, resultCount());
        assertEquals("All pictures", text("heading"));
        assertEquals("", one("#results .distance").getText());
        assertEquals(PICTURE_COUNT + " pictures", text("count"));
        searchFor("a red star");
        assertEquals(PAGE_SIZE, resultCount());
        assertTrue(text("heading").contains("\u201ca red star\u201d"));
        assertEquals(distances().stream().sorted().toList(), distances());
        assertEquals("?q=a%20red%20star", query());
        assertTrue(text("latency").matches("[\\d.]+ ms · balanced · version \\d+"), text("latency"));
        assertTrue(String.valueOf(browser().getTitle()).startsWith("a red star"));
    }

    @Test
    void addressWithWordsSearchesAtOnce() {
        open("/?q=a%20blue%20circle");
        assertEquals("a blue circle", byId("words").getDomProperty("value"));
        assertEquals(PAGE_SIZE, distances().size());
    }

    @Test
    void wordsAreShownAsTextNeverAsMarkup() {
        String words = "<img src=x onerror=\"document.title='taken'\">";
        searchFor(words);
        assertTrue(text("heading").contains(words));
        assertEquals(0, all("#heading img").size());
        byId("words").click();
        assertFalse(String.valueOf(browser().getTitle()).startsWith("taken"));
    }

    @Test
    void aPictureOfOnesOwnFindsItselfFirstAndIsNotKept() throws IOException {
        byId("sample-file").sendKeys(demoPictures(8).getLast().toString());
        waitFor("results", () -> isSettled() && resultCount() == PAGE_SIZE && !distances().isEmpty());
        assertEquals(0.0, distances().getFirst(), 0.001);
        assertEquals(1, all("#chips .sample").size());
        assertEquals(PICTURE_COUNT + " pictures", text("count"));
        one("#chips .sample button").click();
        waitFor("all pictures", () -> isSettled() && text("heading").equals("All pictures"));
    }

    @Test
    void wordsAndPictureTogetherAreWeighedByASlider() throws IOException {
        byId("sample-file").sendKeys(demoPictures(8).getLast().toString());
        waitFor("results", () -> isSettled() && !distances().isEmpty());
        assertFalse(byId("balance-part").isDisplayed());
        searchFor("a red star");
        assertTrue(byId("balance-part").isDisplayed());
        List<String> balanced = shownIds();
        slide("balance", 0);
        waitFor("words alone", () -> isSettled() && !shownIds().equals(balanced));
        List<String> byWords = shownIds();
        assertTrue(query().contains("balance=0"));
        slide("balance", 100);
        waitFor("the picture alone", () -> isSettled() && !shownIds().equals(byWords));
        assertEquals(0.0, distances().getFirst(), 0.001);
    }

    @Test
    void moreAndLessLikeAPictureBecomeChips() {
        searchFor("a red star");
        String first = shownIds().getFirst();
        String second = shownIds().get(1);
        browser().executeScript("document.querySelectorAll('.more-like')[0].click()");
        waitFor("more like the first", () -> isSettled() && all("#chips .like").size() == 1 && !shownIds().contains(first));
        browser().executeScript(
                "document.querySelector('.card[data-id=\"' + arguments[0] + '\"] .less-like').click()", second);
        waitFor("less like the second", () -> isSettled() && all("#chips .unlike").size() == 1);
        assertFalse(shownIds().contains(second));
        assertTrue(query().contains("like=" + first.replace("/", "%2F")) && query().contains("unlike="), query());
        one("#chips .unlike button").click();
        waitFor("one chip", () -> isSettled() && all("#chips li").size() == 1);
    }

    @Test
    void furtherPagesAreOfTheFirstOnesVersionUntilOneComesBackFromAnotherTab() throws IOException {
        String added = server().upload(Drawings.circle(501, "png")).body().get("id").asText();
        byId("more").click();
        waitFor("the rest", () -> isSettled() && resultCount() == PICTURE_COUNT);
        assertEquals(PICTURE_COUNT, new HashSet<>(shownIds()).size());
        assertFalse(shownIds().contains(added));
        browser().executeScript("document.dispatchEvent(new Event('visibilitychange'))");
        waitFor("the new one", () -> isSettled() && shownIds().getFirst().equals(added));
        assertEquals(PICTURE_COUNT, resultCount());
        assertEquals(PICTURE_COUNT + 1 + " pictures", text("count"));
        server().library().delete(added.substring("images/".length()));
    }

    @Test
    void aSearchBeginsAtTheTopAndBackLeadsToWhereOneWas() {
        byId("more").click();
        waitFor("the rest", () -> resultCount() == PICTURE_COUNT);
        List<String> ids = shownIds();
        browser().executeScript("scrollTo(0, 700); document.querySelectorAll('.more-like')[30].click()");
        waitFor("ones like it", () -> isSettled() && all("#chips .like").size() == 1);
        assertTrue(is("return scrollY === 0"));
        browser().navigate().back();
        waitFor("all of them again", () -> isSettled() && shownIds().equals(ids) && is("return scrollY === 700"));
        browser().navigate().refresh();
        waitFor("them after a reload", () -> isSettled() && shownIds().equals(ids) && is("return scrollY === 700"));
    }

    @Test
    void afterABreakTheSameSearchIsAskedAgain() {
        searchFor("a red star");
        setOffline(true);
        byId("words").sendKeys(Keys.ENTER);
        waitFor("the reason", () -> isSettled() && text("message").contains("does not answer"));
        assertEquals(0, resultCount());
        setOffline(false);
        byId("message-act").click();
        waitFor("the stars", () -> isSettled() && resultCount() == PAGE_SIZE);
        assertFalse(byId("message").isDisplayed());
    }

    @Test
    void furtherPagesFollowUntilAllAreThere() {
        searchFor("a green house");
        assertTrue(byId("more").isDisplayed());
        byId("more").click();
        waitFor("the rest", () -> resultCount() == PICTURE_COUNT);
        assertEquals(PICTURE_COUNT, new HashSet<>(shownIds()).size());
        assertEquals(distances().stream().sorted().toList(), distances());
        assertFalse(byId("more").isDisplayed());
    }

    @Test
    void pageSizeAndExactnessAreSliders() {
        searchFor("a red star");
        slide("k", 12);
        waitFor("twelve", () -> isSettled() && resultCount() == 12);
        assertEquals("12", text("k-value"));
        slide("effort", 3);
        waitFor("an exact search", () -> isSettled() && text("latency").contains("exact"));
        assertEquals("?q=a%20red%20star&k=12&effort=3", query());
        assertNotEquals("", text("effort-note"));
    }

    @Test
    void theServersReasonShowsWhereASearchFails() {
        open("/?q=a%20red%20star&where=nonsense%20%3E");
        assertTrue(byId("message").isDisplayed());
        assertTrue(text("message").contains("nonsense"), text("message"));
        assertEquals(0, resultCount());
    }

    @Override
    boolean isExpected(String complaint) {
        return (complaint.contains("where=nonsense") && complaint.contains("400"))
                || complaint.contains("ERR_INTERNET_DISCONNECTED");
    }
}
