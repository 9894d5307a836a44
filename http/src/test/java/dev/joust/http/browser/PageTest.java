// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

import dev.joust.http.RunningServer;
import dev.joust.pictures.LibraryOptions;

/// A server with pictures, and the page of it in a fresh state per test.
@ExtendWith(WithChromium.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PageTest {
    static final int PICTURE_COUNT = 40;
    static final int PAGE_SIZE = 24;

    private static final Path DEMO = Path.of(System.getProperty("joust.repository.root", ".."), "demo");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private @Nullable Path folder;
    private @Nullable RunningServer running;
    private boolean ownsServer;
    private @Nullable ChromeDriver driver;

    @BeforeAll
    void start(ChromeDriver chromium, @TempDir Path temporary, DemoServer shared) throws IOException {
        driver = chromium;
        folder = temporary;
        ownsServer = ownsCollection();
        running = ownsServer
                ? new RunningServer(temporary.resolve("data").toString(), UnaryOperator.identity(), libraryOptions())
                : shared.get(demoPictures(PICTURE_COUNT));
        if (ownsServer) {
            fill(running);
        }
    }

    /// Whether these tests need a collection of their own. All others share one, of demo pictures, and leave it with the
    /// pictures that it has.
    boolean ownsCollection() {
        return false;
    }

    /// How the library is opened.
    LibraryOptions libraryOptions() {
        return LibraryOptions.DEFAULT;
    }

    /// What a collection of one's own holds before the first test.
    void fill(RunningServer server) throws IOException {
        // nothing
    }

    @AfterAll
    void stop() {
        if (running != null && ownsServer) {
            running.close();
        }
    }

    @BeforeEach
    void openFresh() {
        browser().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", "light"))));
        resize(1280, 900);
        // The same address again would be a reload, which leads to where one was
        browser().get("about:blank");
        open("/");
        if (is("const had = localStorage.length > 0; localStorage.clear(); return had")) {
            open("/");
        }
        browser().manage().logs().get(LogType.BROWSER);
    }

    /// Whatever a test does, the page's policy allows it, and no script fails.
    @AfterEach
    void nothingWasRefused() {
        List<String> complaints = browser().manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(Object::toString)
                .filter(line -> !isExpected(line))
                .toList();
        assertEquals(List.of(), complaints);
    }

    /// Complaints that a test brings about on purpose.
    boolean isExpected(String complaint) {
        return complaint.isEmpty();
    }

    final RunningServer server() {
        return Objects.requireNonNull(running);
    }

    /// For files of the tests.
    final Path folder() {
        return Objects.requireNonNull(folder);
    }

    final ChromeDriver browser() {
        return Objects.requireNonNull(driver);
    }

    static List<Path> demoPictures(int count) throws IOException {
        try (Stream<Path> files = Files.list(DEMO)) {
            return files.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(count)
                    .map(file -> file.toAbsolutePath().normalize()).toList();
        }
    }

    final void resize(int width, int height) {
        browser().executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /// Opens an address of the page and waits until its first pictures, or that there are none, show.
    final void open(String pathAndQuery) {
        browser().get(server().uri(pathAndQuery).toString());
        waitFor("the page", this::isSettled);
    }

    /// Whether the page has nothing under way.
    final boolean isSettled() {
        return is("return document.readyState === 'complete' && document.getElementById('heading').textContent !== ''"
                + " && !document.querySelector('#results[aria-busy]') && !document.querySelector('.waiting')");
    }

    /// The page loses its connection, or has it again.
    final void setOffline(boolean isOffline) {
        browser().executeCdpCommand("Network.enable", Map.of());
        browser().executeCdpCommand("Network.emulateNetworkConditions",
                Map.of("offline", isOffline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    final boolean is(String script, Object... arguments) {
        return Boolean.TRUE.equals(browser().executeScript(script, arguments));
    }

    final void waitFor(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain for " + what + "; the page shows: "
                    + browser().findElement(By.tagName("body")).getText());
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (StaleElementReferenceException | NoSuchElementException e) {
            return false;
        }
    }

    final WebElement byId(String id) {
        return browser().findElement(By.id(id));
    }

    final WebElement one(String selector) {
        return browser().findElement(By.cssSelector(selector));
    }

    final List<WebElement> all(String selector) {
        return browser().findElements(By.cssSelector(selector));
    }

    final String text(String id) {
        return byId(id).getText();
    }

    final WebElement focused() {
        return browser().switchTo().activeElement();
    }

    final void press(CharSequence... keys) {
        focused().sendKeys(keys);
    }

    final int resultCount() {
        return all("#results .card:not(.waiting)").size();
    }

    /// Ids of the pictures shown, in order.
    final List<String> shownIds() {
        Object ids = browser().executeScript(
                "return [...document.querySelectorAll('#results .card')].map(card => card.dataset.id)");
        return ids instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    final List<Double> distances() {
        return all("#results .distance").stream().map(WebElement::getText).map(Double::valueOf).toList();
    }

    final void searchFor(String words) {
        byId("words").clear();
        byId("words").sendKeys(words, Keys.ENTER);
        waitFor("results", () -> isSettled() && text("heading").contains(words));
    }

    /// Moves a slider, as dragging it does.
    final void slide(String id, int value) {
        browser().executeScript("""
                const slider = document.getElementById(arguments[0]);
                slider.value = arguments[1];
                slider.dispatchEvent(new Event('input', {bubbles: true}));
                slider.dispatchEvent(new Event('change', {bubbles: true}));
                """, id, value);
    }

    final String query() {
        return String.valueOf(browser().executeScript("return location.search"));
    }

    /// Keeps what the page looks like, as a JPEG (noise in pictures makes large PNGs), in `target/screenshots`, or where the property `joust.screenshots` says.
    final void keepScreenshot(String name) throws IOException {
        waitFor("pictures", () -> is("""
                const shown = [...document.querySelectorAll('#results img, dialog[open] img')].filter(picture => picture.src);
                shown.forEach(picture => picture.loading = 'eager');
                return shown.every(picture => picture.complete && picture.naturalWidth > 0);
                """));
        Path target = Path.of(System.getProperty("joust.screenshots", "target/screenshots"));
        Files.createDirectories(target);
        Object jpeg = browser()
                .executeCdpCommand("Page.captureScreenshot", Map.of("format", "jpeg", "quality", 88))
                .get("data");
        Files.write(target.resolve(name + ".jpg"), Base64.getDecoder().decode(String.valueOf(jpeg)));
    }
}
