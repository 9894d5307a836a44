// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.util.List;

import dev.joust.http.handler.Answer;
import dev.joust.http.handler.PageFiles;
import dev.joust.http.handler.PictureEndpoints;
import dev.joust.http.json.HealthBody;

/// The whole URL table.
final class Routes {
    private Routes() {}

    static List<Route> table(PictureEndpoints pictures) {
        return List.of(
                Route.of("GET", "/", PageFiles.file("index.html", "text/html; charset=utf-8")),
                Route.of("GET", "/page/style.css", PageFiles.file("style.css", "text/css; charset=utf-8")),
                Route.of("GET", "/page/app.js", PageFiles.file("app.js", "text/javascript; charset=utf-8")),
                Route.of("GET", "/page/icon.svg", PageFiles.file("icon.svg", "image/svg+xml")),
                Route.of("POST", "/vectorize_and_store", pictures::vectorizeAndStore),
                Route.of("GET", "/search", pictures::searchByWords),
                Route.of("POST", "/search", pictures::searchByPicture),
                Route.of("GET", "/images/{name}", pictures::picture),
                Route.of("DELETE", "/images/{name}", pictures::deletePicture),
                Route.of("GET", "/stats", pictures::stats),
                Route.of("GET", "/healthz", call -> Answer.json(200, new HealthBody("ok"))));
    }
}
