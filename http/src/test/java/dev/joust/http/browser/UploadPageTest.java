// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import dev.joust.http.Drawings;

/// Adding pictures, from an empty collection on.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UploadPageTest extends PageTest {
    @Override
    boolean ownsCollection() {
        return true;
    }

    private void choose(List<Path> files) {
        byId("files").sendKeys(files.stream().map(Path::toString).collect(Collectors.joining("\n")));
    }

    private void waitForTray(String title) {
        waitFor(title, () -> text("tray-title").equals(title));
    }

    @Test
    @Order(1)
    void emptyCollectionInvites() throws IOException {
        assertEquals("0 pictures", text("count"));
        assertTrue(text("nothing").contains("No pictures yet"));
        assertTrue(one("#nothing .choose").isDisplayed());
        assertTrue(text("zone-part").contains("Drop pictures here"));
        keepScreenshot("empty");
    }

    @Test
    @Order(2)
    void everyFileShowsWhatBecameOfIt() throws IOException {
        Path noPicture = Files.writeString(folder().resolve("notes <b>.jpg"), "not a picture");
        choose(List.of(demoPictures(2).getFirst(), demoPictures(2).getLast(), noPicture));
        waitForTray("2 pictures added, 1 refused");
        assertEquals(2, all("#uploads .stored").size());
        assertTrue(one("#uploads .refused").getText().contains("not a picture"), text("uploads"));
        assertEquals("notes <b>.jpg", one("#uploads li:first-child .name").getText());
        assertTrue(text("uploads").contains("notes <b>.jpg"));
        waitFor("the pictures", () -> text("count").equals("2 pictures") && resultCount() == 2);
        assertFalse(byId("nothing").isDisplayed());
        choose(demoPictures(3));
        waitForTray("1 picture added, 2 already there");
        assertEquals(2, all("#uploads .exists").size());
    }

    @Test
    @Order(3)
    void zipShowsHowManyItHeld() throws IOException {
        Path zip = folder().resolve("holiday.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (Path picture : demoPictures(8)) {
                out.putNextEntry(new ZipEntry("2026/" + picture.getFileName()));
                Files.copy(picture, out);
            }
            out.putNextEntry(new ZipEntry("readme.txt"));
            out.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        choose(List.of(zip));
        waitForTray("5 pictures added, 3 already there, 1 refused");
        assertTrue(text("uploads").contains("8 pictures, 1 refused"), text("uploads"));
        assertTrue(text("uploads").contains("holiday.zip!readme.txt\nnot a picture"), text("uploads"));
        waitFor("the pictures", () -> text("count").equals("8 pictures"));
    }

    @Test
    @Order(4)
    void filesCanBeDroppedToBeKeptOrToSearch() {
        String png = Base64.getEncoder().encodeToString(Drawings.circle(77, "png"));
        drop(png, "store");
        waitForTray("1 picture added");
        waitFor("nine", () -> text("count").equals("9 pictures"));
        drop(png, "search");
        waitFor("itself", () -> isSettled() && all("#chips .sample").size() == 1 && !distances().isEmpty());
        assertEquals(0.0, distances().getFirst(), 0.001);
        assertEquals("9 pictures", text("count"));
        assertFalse(byId("drop").isDisplayed());
    }

    private void drop(String base64, String use) {
        browser().executeScript("""
                const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));
                const files = new DataTransfer();
                files.items.add(new File([bytes], 'circle.png', {type: 'image/png'}));
                const send = (target, kind) => target.dispatchEvent(
                    new DragEvent(kind, {dataTransfer: files, bubbles: true, cancelable: true}));
                send(document.body, 'dragenter');
                const target = document.querySelector('#drop [data-use=' + arguments[1] + ']');
                if (document.getElementById('drop').hidden) { throw new Error('nowhere to drop'); }
                send(target, 'dragover');
                send(target, 'drop');
                """, base64, use);
    }

    @Test
    @Order(5)
    void whatTheConnectionLostIsSentAgainAndTheListCanBeFolded() throws IOException {
        setOffline(true);
        choose(demoPictures(1));
        waitForTray("0 pictures added, 1 not sent");
        assertTrue(text("uploads").contains("the connection broke"), text("uploads"));
        setOffline(false);
        byId("tray-again").click();
        waitForTray("0 pictures added, 1 already there");
        assertFalse(byId("tray-again").isDisplayed());
        byId("tray-fold").click();
        assertFalse(byId("uploads").isDisplayed());
        byId("tray-fold").click();
        assertTrue(byId("uploads").isDisplayed());
        byId("tray-close").click();
        assertFalse(byId("tray").isDisplayed());
    }

    @Override
    boolean isExpected(String complaint) {
        return complaint.contains("ERR_INTERNET_DISCONNECTED");
    }
}
