// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.util.ArrayList;
import java.util.List;

import dev.joust.http.handler.Answer;
import dev.joust.http.handler.PageFiles;
import dev.joust.http.handler.PictureEndpoints;
import dev.joust.http.handler.SearchEndpoints;
import dev.joust.http.handler.TableEndpoints;
import dev.joust.http.handler.UploadEndpoint;
import dev.joust.http.handler.WriteAccess;
import dev.joust.http.json.HealthBody;
import dev.joust.pictures.PictureLibrary;

/// The whole URL table.
final class Routes {
    private Routes() {}

    static List<Route> table(PictureLibrary library, boolean readOnly) {
        WriteAccess access = new WriteAccess(readOnly);
        PictureEndpoints pictures = new PictureEndpoints(library, access);
        SearchEndpoints search = new SearchEndpoints(library);
        TableEndpoints table = new TableEndpoints(library, access);
        List<Route> routes = new ArrayList<>(List.of(
                Route.of("POST", "/vectorize_and_store", pictures::vectorizeAndStore),
                Route.of("GET", "/search", SearchEndpoints.SEARCH, search::search),
                Route.of("POST", "/search", SearchEndpoints.SEARCH_BY_PICTURE, search::searchByPicture),
                Route.of("GET", "/images", SearchEndpoints.LIST, search::list),
                Route.of("POST", "/images", new UploadEndpoint(library, access)::addPictures),
                Route.of("GET", "/images/{name}", SearchEndpoints.PICTURE, pictures::picture),
                Route.of("DELETE", "/images/{name}", pictures::delete),
                Route.of("GET", "/images/{name}/thumbnail", SearchEndpoints.PICTURE, pictures::thumbnail),
                Route.of("GET", "/images/{name}/info", SearchEndpoints.PICTURE, pictures::info),
                Route.of("PUT", "/images/{name}/info", pictures::describe),
                Route.of("POST", "/images/{name}/restore", pictures::restore),
                Route.of("GET", "/versions", TableEndpoints.VERSIONS, table::versions),
                Route.of("GET", "/stats", table::stats),
                Route.ofAnyParameters("/healthz", _ -> Answer.json(200, new HealthBody("ok")))));
        PageFiles.all().forEach((path, file) -> routes.add(Route.ofAnyParameters(path, file)));
        return List.copyOf(routes);
    }
}
