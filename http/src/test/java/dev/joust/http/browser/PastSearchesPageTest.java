// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// Suggestions from past searches, and the address as what is searched for.
class PastSearchesPageTest extends PageTest {
    private List<String> suggestions() {
        return all("#past .option .text").stream().map(WebElement::getText).toList();
    }

    @Test
    void examplesAreOfferedBeforeThereIsAPast() {
        byId("words").click();
        waitFor("examples", () -> suggestions().contains("a red star"));
        assertEquals(0, all("#past .remove").size());
        all("#past .option").getFirst().click();
        waitFor("results", () -> isSettled() && text("heading").contains("a red star"));
    }

    @Test
    void pastSearchesAreOfferedNewestFirstAndChosenByKeys() {
        searchFor("a red star");
        searchFor("a blue fish");
        byId("words").clear();
        byId("words").sendKeys("a");
        waitFor("suggestions", () -> suggestions().equals(List.of("a blue fish", "a red star")));
        assertEquals("true", byId("words").getDomAttribute("aria-expanded"));
        byId("words").sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertEquals("past-1", byId("words").getDomAttribute("aria-activedescendant"));
        byId("words").sendKeys(Keys.ENTER);
        waitFor("the older search", () -> isSettled() && text("heading").contains("a red star"));
        assertFalse(byId("past").isDisplayed());
    }

    @Test
    void typingNarrowsSuggestionsAndEscapeClosesThem() {
        searchFor("a red star");
        searchFor("a blue fish");
        byId("words").clear();
        byId("words").sendKeys("FISH");
        waitFor("one suggestion", () -> suggestions().equals(List.of("a blue fish")));
        byId("words").sendKeys(Keys.ESCAPE);
        assertFalse(byId("past").isDisplayed());
        assertEquals("FISH", byId("words").getDomProperty("value"));
    }

    @Test
    void aPastSearchCanBeForgottenAndAllOfThem() {
        searchFor("a red star");
        searchFor("a blue fish");
        byId("words").clear();
        byId("words").click();
        waitFor("suggestions", () -> suggestions().size() == 2);
        browser().executeScript("document.querySelector('#past .remove').click()");
        waitFor("one left", () -> suggestions().equals(List.of("a red star")));
        open("/");
        byId("words").click();
        waitFor("still one", () -> suggestions().equals(List.of("a red star")));
        browser().findElement(By.className("forget-all")).click();
        waitFor("closed", () -> !byId("past").isDisplayed());
        assertEquals("[]", browser().executeScript("return localStorage.getItem('joust.searches')"));
    }

    @Test
    void backAndForwardGoThroughSearches() {
        searchFor("a red star");
        List<String> stars = shownIds();
        searchFor("a blue fish");
        browser().navigate().back();
        waitFor("the stars again", () -> isSettled() && shownIds().equals(stars));
        assertEquals("a red star", byId("words").getDomProperty("value"));
        browser().navigate().back();
        waitFor("all pictures", () -> isSettled() && text("heading").equals("All pictures"));
        browser().navigate().forward();
        waitFor("the stars once more", () -> isSettled() && shownIds().equals(stars));
    }

    @Test
    void theAddressHoldsEverythingThatWasChosen() {
        searchFor("a red star");
        slide("k", 12);
        browser().executeScript("document.querySelector('.more-like').click()");
        waitFor("a chip", () -> isSettled() && all("#chips .like").size() == 1);
        List<String> shown = shownIds();
        String address = query();
        open("/");
        open("/" + address);
        assertEquals(shown, shownIds());
        assertEquals("12", text("k-value"));
        assertTrue(byId("balance-part").isDisplayed());
    }
}
