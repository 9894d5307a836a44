// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// One picture: what is known of it, saying more about it, deleting it and bringing it back.
class DetailPageTest extends PageTest {
    private void openFirst() {
        one("#results .shot").click();
        waitFor("the picture", () -> byId("detail").isDisplayed() && is(
                "const picture = document.getElementById('detail-picture'); return picture.complete && picture.naturalWidth > 0"));
    }

    @Test
    void whatIsKnownOfAPictureShows() {
        searchFor("a red star");
        String distance = all("#results .distance").getFirst().getText();
        openFirst();
        String facts = text("detail-facts");
        assertTrue(facts.contains("Distance\n" + distance), facts);
        assertTrue(facts.matches("(?s).*\\d+ × \\d+ pixels.*"), facts);
        assertTrue(facts.contains("JPEG"), facts);
        assertTrue(query().contains("picture="));
        browser().navigate().back();
        waitFor("the grid", () -> !byId("detail").isDisplayed());
        assertEquals("?q=a%20red%20star", query());
    }

    @Test
    void addressOfAPictureOpensIt() {
        String name = shownIds().getFirst().substring("images/".length());
        open("/?picture=" + name);
        waitFor("the picture", () -> byId("detail").isDisplayed());
        byId("detail-close").click();
        waitFor("the grid", () -> !byId("detail").isDisplayed());
        open("/?picture=" + "0".repeat(64) + ".png");
        waitFor("a word that it is not there", () -> one(".toast").getText().contains("no picture"));
        assertEquals("", query());
    }

    @Test
    void captionAndTagsAreKept() {
        openFirst();
        String id = byId("detail").getDomAttribute("data-id");
        assertFalse(one("#detail-words button").isEnabled());
        byId("detail-caption").sendKeys("the <b>first</b> one");
        byId("detail-tags").sendKeys("test, drawing");
        one("#detail-words button").click();
        waitFor("the title", () -> text("detail-title").equals("the <b>first</b> one"));
        press(Keys.ESCAPE);
        waitFor("the caption in the grid", () -> !byId("detail").isDisplayed()
                && one(".card[data-id='" + id + "'] .caption").getText().equals("the <b>first</b> one"));
        assertEquals(List.of("test", "drawing"), tags(id));
    }

    @Test
    void wordsThatWereTypedAreKeptByClosing() {
        openFirst();
        String id = byId("detail").getDomAttribute("data-id");
        byId("detail-caption").clear();
        byId("detail-caption").sendKeys("not saved by hand");
        press(Keys.ESCAPE);
        waitFor("the caption in the grid", () -> !byId("detail").isDisplayed()
                && one(".card[data-id='" + id + "'] .caption").getText().equals("not saved by hand"));
        assertEquals("not saved by hand", server().get("/" + id + "/info").body().get("caption").asText());
    }

    @Test
    void pictureThatWasDeletedElsewhereIsSaidToBeGone() {
        String id = shownIds().get(4);
        String name = id.substring("images/".length());
        server().library().delete(name);
        browser().executeScript("document.querySelectorAll('.shot')[4].click()");
        waitFor("a word about it", () -> byId("detail-gone").isDisplayed());
        server().library().restore(name);
    }

    private List<String> tags(String id) {
        return server().get("/" + id + "/info").body().get("tags").valueStream().map(tag -> tag.asText()).toList();
    }

    @Test
    void deletedPictureIsGoneAndUndoBringsItBack() {
        String id = shownIds().getFirst();
        openFirst();
        byId("detail-delete").click();
        waitFor("it to go", () -> !byId("detail").isDisplayed() && !shownIds().contains(id)
                && text("count").equals((PICTURE_COUNT - 1) + " pictures")
                && text("latency").startsWith((PICTURE_COUNT - 1) + " pictures"));
        assertEquals(404, server().get("/" + id + "/info").status());
        one(".toast .link").click();
        waitFor("it to come back", () -> isSettled() && shownIds().contains(id)
                && text("count").equals(PICTURE_COUNT + " pictures"));
    }

    @Override
    boolean isExpected(String complaint) {
        return complaint.contains("/images/") && complaint.contains("404");
    }

    @Test
    void deleteKeyDeletesAndControlZUndoes() {
        String id = shownIds().get(2);
        browser().executeScript("document.querySelectorAll('.shot')[2].focus()");
        press(Keys.DELETE);
        waitFor("it to go", () -> !shownIds().contains(id));
        press(Keys.chord(Keys.CONTROL, "z"));
        waitFor("it to come back", () -> isSettled() && shownIds().contains(id));
    }

    @Test
    void moreAndLessLikeItSearchFromHere() {
        openFirst();
        String id = byId("detail").getDomAttribute("data-id");
        byId("detail-more").click();
        waitFor("ones like it", () -> isSettled() && !byId("detail").isDisplayed() && all("#chips .like").size() == 1);
        assertFalse(shownIds().contains(id));
        openFirst();
        byId("detail-less").click();
        waitFor("less like another", () -> isSettled() && all("#chips .unlike").size() == 1);
    }
}
