// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The page: files out of the jar, held in memory.
public final class PageFiles {
    private static final String FOLDER = "/dev/joust/http/page/";

    private static final List<String> STYLES = List.of("base.css", "search.css", "results.css", "panels.css");
    private static final List<String> MODULES = List.of("api.js", "app.js", "chips.js", "detail.js", "dom.js", "dropping.js",
            "grid.js", "panel.js", "past.js", "state.js", "theme.js", "toasts.js", "travel.js", "uploads.js");

    private PageFiles() {}

    /// Endpoints by path: the page itself, and what it loads.
    public static Map<String, Endpoint> all() {
        Map<String, Endpoint> all = new LinkedHashMap<>();
        all.put("/", file("index.html", "text/html; charset=utf-8"));
        all.put("/page/icon.svg", file("icon.svg", "image/svg+xml"));
        STYLES.forEach(name -> all.put("/page/" + name, file(name, "text/css; charset=utf-8")));
        MODULES.forEach(name -> all.put("/page/" + name, file(name, "text/javascript; charset=utf-8")));
        return all;
    }

    private static Endpoint file(String fileName, String contentType) {
        byte[] bytes = load(fileName);
        String etag = '"' + Hashes.sha256(bytes).substring(0, 32) + '"';
        return call -> (call.has(etag) ? Answer.notModified() : Answer.whole(200, contentType, bytes))
                .tagged(etag, Caching.REVALIDATED);
    }

    private static byte[] load(String fileName) {
        try (InputStream bytes = PageFiles.class.getResourceAsStream(FOLDER + fileName)) {
            if (bytes == null) {
                throw new FileNotFoundException(FOLDER + fileName + " is not in the jar");
            }
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
