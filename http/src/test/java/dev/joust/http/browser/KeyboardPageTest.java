// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// Everything by keyboard, and what assistive programs are told.
class KeyboardPageTest extends PageTest {
    private static final Set<String> NAMED_ROLES =
            Set.of("button", "link", "textbox", "combobox", "slider", "spinbutton", "listbox", "Date", "image", "progressbar");

    private String focusedPicture() {
        return String.valueOf(browser().executeScript(
                "return document.activeElement.closest('.card')?.dataset.id ?? document.activeElement.id"));
    }

    private int columnCount() {
        return ((Number) browser().executeScript("""
                const cards = [...document.querySelectorAll('#results .card')];
                return cards.filter(card => card.offsetTop === cards[0].offsetTop).length;
                """)).intValue();
    }

    private void enterGrid() {
        browser().executeScript("document.querySelector('.shot[tabindex=\"0\"]').focus()");
    }

    @Test
    void questionMarkListsTheKeysAndSlashGoesToTheSearchBox() {
        byId("add").sendKeys("?");
        waitFor("the list", () -> byId("help").isDisplayed());
        assertTrue(text("help").contains("more like it"));
        press(Keys.ESCAPE);
        waitFor("it to close", () -> !byId("help").isDisplayed());
        byId("add").sendKeys("/");
        assertEquals("words", focused().getDomProperty("id"));
        press("/");
        assertEquals("/", byId("words").getDomProperty("value"));
    }

    @Test
    void arrowsMoveAmongPictures() {
        List<String> ids = shownIds();
        int columns = columnCount();
        enterGrid();
        press(Keys.ARROW_RIGHT);
        assertEquals(ids.get(1), focusedPicture());
        press(Keys.ARROW_DOWN);
        assertEquals(ids.get(1 + columns), focusedPicture());
        press(Keys.ARROW_LEFT);
        assertEquals(ids.get(columns), focusedPicture());
        press(Keys.END);
        assertEquals(ids.getLast(), focusedPicture());
        for (int i = 0; i + columns < ids.size(); i += columns) {
            press(Keys.ARROW_UP);
            assertTrue(is("""
                    return document.activeElement.getBoundingClientRect().top
                        >= document.querySelector('.top').getBoundingClientRect().bottom;
                    """), "the focus is behind the header");
        }
        press(Keys.END);
        press(Keys.HOME);
        assertEquals(ids.getFirst(), focusedPicture());
        press(Keys.ARROW_UP);
        assertEquals("words", focusedPicture());
    }

    @Test
    void enterOpensAPictureArrowsStepAndEscapeComesBack() {
        List<String> ids = shownIds();
        enterGrid();
        press(Keys.ENTER);
        waitFor("the picture", () -> byId("detail").isDisplayed());
        press(Keys.ARROW_RIGHT);
        press(Keys.ARROW_RIGHT);
        waitFor("the third", () -> ids.get(2).equals(byId("detail").getDomAttribute("data-id")));
        press(Keys.ARROW_LEFT);
        waitFor("the second", () -> ids.get(1).equals(byId("detail").getDomAttribute("data-id")));
        press(Keys.ESCAPE);
        waitFor("the grid", () -> !byId("detail").isDisplayed() && focusedPicture().equals(ids.get(1)));
    }

    @Test
    void mAndLSearchAndEscapeEmptiesTheSearch() {
        enterGrid();
        press("m");
        waitFor("more like it", () -> isSettled() && all("#chips .like").size() == 1);
        enterGrid();
        press("l");
        waitFor("less like another", () -> isSettled() && all("#chips .unlike").size() == 1);
        enterGrid();
        press(Keys.ESCAPE);
        waitFor("all pictures", () -> isSettled() && text("heading").equals("All pictures"));
        assertEquals("words", focused().getDomProperty("id"));
    }

    @Test
    void tabulatorGoesFromSearchToSettingsToOnePictureToTheEnd() {
        byId("words").click();
        press(Keys.ESCAPE);
        List<String> stops = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            press(Keys.TAB);
            stops.add(focusedPicture());
            if (stops.getLast().equals("more")) {
                break;
            }
        }
        assertEquals(stops.size() - 2, stops.indexOf(shownIds().getFirst()), stops::toString);
        assertTrue(stops.indexOf("add") < stops.indexOf("f-format"), stops::toString);
        assertTrue(stops.indexOf("effort") < stops.indexOf(shownIds().getFirst()), stops::toString);
        assertEquals("more", stops.getLast());
    }

    /// Of the tree that assistive programs see.
    private static List<Object> namelessNodes(@Nullable Object tree) {
        List<Object> nameless = new ArrayList<>();
        for (Object one : tree instanceof List<?> nodes ? nodes : List.of()) {
            if (one instanceof Map<?, ?> node
                    && node.get("role") instanceof Map<?, ?> role
                    && NAMED_ROLES.contains(String.valueOf(role.get("value")))
                    && !(node.get("name") instanceof Map<?, ?> name && !String.valueOf(name.get("value")).isEmpty())) {
                nameless.add(node);
            }
        }
        return nameless;
    }

    @Test
    void everythingThatCanBeUsedHasAName() {
        Object nameless = browser().executeScript("""
                return [...document.querySelectorAll('button, input, select, textarea, a, [role=listbox], dialog')]
                    .filter(one => !one.hidden && one.getClientRects().length > 0)
                    .filter(one => !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length
                        || one.getAttribute('aria-labelledby')))
                    .map(one => one.outerHTML);
                """);
        assertEquals(List.of(), nameless);
        Object tree = browser().executeCdpCommand("Accessibility.getFullAXTree", Map.of()).get("nodes");
        assertTrue(tree instanceof List<?> nodes && nodes.size() > 100);
        assertEquals(List.of(), namelessNodes(tree));
        for (WebElement picture : all("#results .shot")) {
            assertFalse(String.valueOf(picture.getDomAttribute("aria-label")).isBlank());
        }
        assertEquals("search", byId("search").getAriaRole());
        assertEquals("combobox", byId("words").getAriaRole());
    }
}
