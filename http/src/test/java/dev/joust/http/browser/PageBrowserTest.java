// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import dev.joust.http.RunningServer;

/// The page in a real browser. Needs Chromium and its driver; without them it is skipped, and says so.
class PageBrowserTest {
    private static final Path DEMO = Path.of(System.getProperty("joust.repository.root", ".."), "demo");
    private static final int PICTURE_COUNT = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws IOException {
        Optional<File> chromium = firstThere("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Optional<File> driver = firstThere("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver", "/usr/local/bin/chromedriver");
        Assumptions.assumeTrue(chromium.isPresent() && driver.isPresent(),
                "skipped: no Chromium with its driver on this machine (Debian: apt-get install chromium chromium-driver)");
        server = new RunningServer(folder.resolve("data").toString(), UnaryOperator.identity());
        for (Path picture : demoPictures().stream().limit(PICTURE_COUNT).toList()) {
            assertEquals(200, server.upload(Files.readAllBytes(picture)).status());
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"));
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).usingAnyFreePort().build(), options);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        browser.manage().window().setSize(new Dimension(1280, 900));
        browser.get(server.uri("/").toString());
        browser.manage().logs().get(LogType.BROWSER);
    }

    private static Optional<File> firstThere(String... paths) {
        return Stream.of(paths).map(File::new).filter(File::canExecute).findFirst();
    }

    private static List<Path> demoPictures() throws IOException {
        try (Stream<Path> files = Files.list(DEMO)) {
            return files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
        }
    }

    private static void waitFor(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain for " + what + "; the page shows: "
                    + browser.findElement(By.tagName("body")).getText());
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<WebElement> results() {
        return browser.findElements(By.cssSelector("#results li"));
    }

    private static boolean everyPictureShows() {
        return (Boolean) browser.executeScript("""
                const shown = [...document.querySelectorAll('#results img')];
                shown.forEach(picture => picture.loading = 'eager');
                return shown.length > 0 && shown.every(picture => picture.complete && picture.naturalWidth > 0);
                """);
    }

    private static void assertNothingWasRefused() {
        List<String> complaints = browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(Object::toString)
                .toList();
        assertEquals(List.of(), complaints);
    }

    private static void keepScreenshot(String name) throws IOException {
        Path target = Path.of("target", "screenshots");
        Files.createDirectories(target);
        Files.write(target.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    @Test
    void typedWordsShowPicturesNearestFirst() throws IOException {
        browser.findElement(By.id("words")).sendKeys("a red star", Keys.ENTER);
        waitFor("results", () -> results().size() == 24);
        waitFor("pictures", PageBrowserTest::everyPictureShows);
        assertTrue(browser.findElement(By.id("heading")).getText().contains("a red star"));
        List<Double> distances = results().stream()
                .map(result -> Double.valueOf(result.findElement(By.cssSelector(".distance")).getText()))
                .toList();
        assertEquals(distances.stream().sorted().toList(), distances);
        assertTrue(browser.getCurrentUrl().endsWith("/?q=a%20red%20star"));
        assertNothingWasRefused();
        keepScreenshot("search");
    }

    @Test
    void addressWithWordsSearchesAtOnce() {
        browser.get(server.uri("/?q=a%20blue%20circle").toString());
        waitFor("results", () -> !results().isEmpty());
        assertEquals("a blue circle", browser.findElement(By.id("words")).getAttribute("value"));
    }

    @Test
    void wordsAreShownAsTextNeverAsMarkup() {
        String words = "<img src=x onerror=\"document.title='taken'\">";
        browser.findElement(By.id("words")).sendKeys(words, Keys.ENTER);
        waitFor("results", () -> !results().isEmpty());
        assertTrue(browser.findElement(By.id("heading")).getText().contains(words));
        assertFalse(browser.getTitle().contains("taken"));
        assertEquals(0, browser.findElements(By.cssSelector("#heading img")).size());
    }

    @Test
    void uploadsShowTheirStatePerFile() throws IOException {
        Path noPicture = Files.writeString(folder.resolve("notes <b>.jpg"), "not a picture");
        List<Path> pictures = demoPictures();
        String files = pictures.get(0).toRealPath() + "\n" + pictures.get(PICTURE_COUNT).toRealPath() + "\n" + noPicture;
        browser.findElement(By.id("files")).sendKeys(files);
        waitFor("three answers", () -> browser.findElements(By.cssSelector("#uploads .stored, #uploads .exists, #uploads .failed")).size() == 3);
        assertEquals(1, browser.findElements(By.cssSelector("#uploads .exists")).size());
        assertEquals(1, browser.findElements(By.cssSelector("#uploads .stored")).size());
        assertEquals(1, browser.findElements(By.cssSelector("#uploads .failed")).size());
        assertTrue(browser.findElement(By.id("uploads")).getText().contains("notes <b>.jpg"));
        waitFor("the count", () -> browser.findElement(By.id("count")).getText().equals((PICTURE_COUNT + 1) + " pictures"));
    }

    @Test
    void pictureSearchFindsThePictureItself() throws IOException {
        browser.findElement(By.cssSelector("input[value=search]")).click();
        Path picture = demoPictures().get(7);
        browser.findElement(By.id("files")).sendKeys(picture.toRealPath().toString());
        waitFor("results", () -> results().size() == 24);
        String first = results().getFirst().findElement(By.cssSelector(".distance")).getText();
        assertEquals(0.0, Double.parseDouble(first), 0.001);
        results().get(1).findElement(By.cssSelector(".similar")).click();
        waitFor("ones like it", () -> browser.findElement(By.id("heading")).getText().equals("Pictures like the one chosen"));
        assertNothingWasRefused();
    }

    @Test
    void slashGoesToTheSearchBox() {
        browser.findElement(By.id("choose")).sendKeys("/");
        assertEquals("words", browser.switchTo().activeElement().getAttribute("id"));
    }

    @Test
    void phoneWidthNeedsNoSidewaysScrolling() throws IOException {
        browser.manage().window().setSize(new Dimension(500, 800));
        browser.get(server.uri("/?q=a%20green%20house").toString());
        waitFor("results", () -> results().size() == 24);
        Object overflow = browser.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertEquals(0L, overflow);
        keepScreenshot("phone");
    }
}
