// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What searches and lists can be asked for by parameters.
class SearchParametersTest {
    private static final int COUNT = 12;

    @TempDir
    static Path data;

    private static RunningServer server;
    private static final List<String> IDS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        server = new RunningServer(data.toString(), UnaryOperator.identity());
        for (int i = 0; i < COUNT; i++) {
            byte[] body = Multipart.captioned("file", "", Drawings.circle(i, i % 2 == 0 ? "png" : "jpg"),
                    "number " + i, i < 4 ? "first,round" : "round");
            IDS.add(server.post("/vectorize_and_store", Multipart.CONTENT_TYPE, body).body().get("id").asText());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> ids(JsonNode hits) {
        return StreamSupport.stream(hits.spliterator(), false).map(hit -> hit.get("id").asText()).toList();
    }

    private static List<String> found(String parameters) {
        RunningServer.Answer answer = server.get("/search?text=a+circle&k=100" + parameters);
        assertEquals(200, answer.status(), answer::error);
        return ids(answer.body().get("results"));
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void hitsCarryWhatIsKnownAfterWhatWasPromised() {
        JsonNode answer = server.get("/search?text=a+circle&k=1").body();
        assertTrue(answer.toString().startsWith("{\"query\":\"a circle\",\"results\":[{\"id\":"), answer.toString());
        assertEquals(64, answer.get("results").get(0).get("width").asInt());
        assertTrue(answer.get("results").get(0).get("caption").asText().startsWith("number "));
        assertTrue(answer.get("version").asLong() > 1);
        assertTrue(answer.get("took_ms").asDouble() >= 0);
    }

    @Test
    void filtersLimitWhatIsFound() {
        assertEquals(COUNT / 2, found("&format=PNG").size());
        assertEquals(COUNT / 2, found("&format=jpg").size());
        assertEquals(4, found("&tag=first").size());
        assertEquals(4, found("&tag=first&tag=round").size());
        assertEquals(0, found("&camera=canon").size());
        assertEquals(0, found("&taken_from=2020-01-01&taken_to=2030-12-31").size());
        assertEquals(COUNT, found("&min_width=64&min_height=64").size());
        assertEquals(0, found("&min_width=65").size());
        assertEquals(1, found("&where=" + escaped("caption = 'number 7' and format = 'jpeg'")).size());
        assertEquals(2, found("&tag=first&format=png").size());
    }

    @Test
    void pagesFollowEachOther() {
        List<String> all = found("");
        List<String> pages = new ArrayList<>();
        for (int offset = 0; offset < COUNT; offset += 5) {
            pages.addAll(ids(server.get("/search?text=a+circle&k=5&offset=" + offset).body().get("results")));
        }
        assertEquals(all, pages);
        assertEquals(List.of(), ids(server.get("/search?text=a+circle&offset=500").body().get("results")));
    }

    @Test
    void likeAndUnlikeNamePictures() {
        List<String> like = ids(server.get("/search?like=" + escaped(IDS.get(3)) + "&k=5").body().get("results"));
        assertEquals(5, like.size());
        assertFalse(like.contains(IDS.get(3)));
        String name = IDS.get(3).substring("images/".length());
        assertEquals(like, ids(server.get("/search?like=" + name + "&k=5").body().get("results")));
        List<String> unlike = ids(server.get("/search?text=a+circle&k=100&unlike=" + name).body().get("results"));
        assertEquals(COUNT - 1, unlike.size());
        assertNotEquals(unlike, found("&unlike=" + name + "&unlike_weight=5"));
        assertEquals(404, server.get("/search?like=" + "0".repeat(64) + ".png").status());
        assertEquals(404, server.get("/search?like=nothing").status());
    }

    @Test
    void wordsAndPictureAreWeighed() {
        byte[] form = Multipart.file("file", "", Drawings.circle(5, "jpg"));
        JsonNode picture = server.post("/search?text=a+star&text_weight=0.001&k=3", Multipart.CONTENT_TYPE, form).body();
        assertEquals(IDS.get(5), picture.get("results").get(0).get("id").asText());
        assertEquals("a star", picture.get("query").asText());
        JsonNode words = server.post("/search?text=a+star&picture_weight=0.001&k=100", Multipart.CONTENT_TYPE, form).body();
        assertEquals(ids(server.get("/search?text=a+star&k=100").body().get("results")), ids(words.get("results")));
    }

    @Test
    void olderVersionsAreSearchedByNumberAndTime() {
        JsonNode versions = server.get("/versions").body().get("versions");
        JsonNode fifth = versions.get(5);
        assertEquals(5, fifth.get("rowCount").asInt());
        assertEquals(5, found("&version=" + fifth.get("version").asLong()).size());
        assertEquals(5, found("&at=" + escaped(fifth.get("timestamp").asText())).size());
        assertEquals(COUNT, found("&at=2999-01-01T00:00:00Z").size());
        assertEquals(COUNT, found("&at=2999-01-01T00:00:00+02:00").size());
        assertEquals(404, server.get("/search?text=a&version=9999").status());
        assertEquals(404, server.get("/search?text=a&at=2000-01-01T00:00:00Z").status());
        assertEquals(2, server.get("/versions?limit=2").body().get("versions").size());
    }

    @Test
    void exactAndIndexedSearchesAgreeOnSoFew() {
        assertEquals(found("&exact=true"), found("&nprobes=4&refine=2"));
        assertEquals(found(""), found("&column=vector"));
        assertEquals(400, server.get("/search?text=a&column=nothing").status());
    }

    @Test
    void listShowsTheNewestFirstOrTheTable() {
        JsonNode list = server.get("/images?k=5").body();
        assertEquals(COUNT, list.get("total").asInt());
        assertEquals(IDS.reversed().subList(0, 5), ids(list.get("pictures")));
        assertEquals(IDS.reversed().subList(10, 12), ids(server.get("/images?k=5&offset=10").body().get("pictures")));
        assertEquals(List.of(), ids(server.get("/images?offset=12").body().get("pictures")));
        assertEquals(IDS.subList(2, 4), ids(server.get("/images?order=table&k=2&offset=2").body().get("pictures")));
        assertEquals(4, server.get("/images?tag=first").body().get("total").asInt());
        assertEquals(List.of(IDS.get(3), IDS.get(2)), ids(server.get("/images?tag=first&k=2").body().get("pictures")));
        assertEquals(3, server.get("/images?version=4").body().get("total").asInt());
        assertEquals(List.of(), ids(server.get("/images?order=table&offset=2000000").body().get("pictures")));
        assertEquals(400, server.get("/images?order=size").status());
    }

    @Test
    void answersAreTaggedByVersionAndQuery() {
        String query = "/search?text=a+circle&k=3";
        HttpResponse<byte[]> first = server.send(HttpRequest.newBuilder(server.uri(query)).build());
        String etag = first.headers().firstValue("ETag").orElseThrow();
        assertEquals("private, no-cache", first.headers().firstValue("Cache-Control").orElseThrow());
        assertTrue(first.headers().firstValue("Server-Timing").orElse("").startsWith("search;dur="));
        assertEquals(304, status(query, etag));
        assertEquals(304, status("/images", server.send(HttpRequest.newBuilder(server.uri("/images")).build())
                .headers().firstValue("ETag").orElseThrow()));
        assertEquals(200, status("/search?text=a+circle&k=4", etag));
        String id = server.upload(Drawings.circle(99, "png")).body().get("id").asText();
        assertEquals(200, status(query, etag), "the table has another version");
        server.send(HttpRequest.newBuilder(server.uri("/" + id)).DELETE().build());
    }

    private static int status(String query, String etag) {
        return server.send(HttpRequest.newBuilder(server.uri(query)).header("If-None-Match", etag).build()).statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "offset=-1", "offset=x", "offset=99999999", "version=0", "version=-1", "version=x", "version=1&version=2", "at=yesterday", "at=",
        "version=1&at=2026-01-01T00:00:00Z", "text_weight=0", "text_weight=-1", "text_weight=NaN", "text_weight=Infinity", "text_weight=1e9",
        "unlike_weight=x", "exact=maybe", "exact=true&nprobes=3", "nprobes=0", "refine=-1", "nprobes=99999999999", "taken_from=soon",
        "taken_to=2026-13-01", "taken_from=%2B999999-01-01", "min_width=0", "min_width=x", "where=nonsense", "where=id%20%3D%201",
        "where=width%20%3E", "where=1%3D1%3B%20drop", "column=", "format=png&format=gif"
    })
    void badParametersAre400WithAReason(String parameters) {
        RunningServer.Answer refused = server.get("/search?text=a+circle&" + parameters);
        assertEquals(400, refused.status(), refused::error);
        assertFalse(refused.error().isBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/search?text=a&limit=5", "/search?text=a&K=5", "/search?text=a&order=newest", "/search?text=a&picture_weight=1", "/search?text=a&=x",
        "/images?text=a", "/images?nprobes=3", "/images?column=vector", "/versions?k=3", "/stats?version=3", "/images/NAME?verison=3",
        "/images/NAME?version=x", "/images/NAME?at=soon", "/images/NAME?version=1&at=2026-01-01T00:00:00Z", "/images/NAME/thumbnail?version=0",
        "/images/NAME/info?tag=x", "/images/NAME/info?version=1&version=2"
    })
    void parameterThatMeansNothingIs400(String pathAndQuery) {
        RunningServer.Answer refused = server.get(pathAndQuery.replace("/images/NAME", "/" + IDS.getFirst()));
        assertEquals(400, refused.status(), refused::error);
        assertFalse(refused.error().isBlank());
    }

    @Test
    void pagesOfOneVersionFollowEachOtherWhateverIsAddedMeanwhile() {
        JsonNode first = server.get("/images?k=5").body();
        String added = server.upload(Drawings.circle(98, "png")).body().get("id").asText();
        List<String> pages = new ArrayList<>(ids(first.get("pictures")));
        for (int offset = 5; offset < COUNT; offset += 5) {
            pages.addAll(ids(server.get("/images?k=5&offset=" + offset + "&version=" + first.get("version")).body().get("pictures")));
        }
        assertEquals(IDS.reversed(), pages);
        server.send(HttpRequest.newBuilder(server.uri("/" + added)).DELETE().build());
    }

    /// What another server over the same folder does changes the tags of this one's answers.
    @Test
    void tagsChangeWithWhatOthersWrite() throws IOException {
        List<String> queries = List.of("/search?text=a+circle", "/images?k=3");
        try (RunningServer other = new RunningServer(data.toString(), UnaryOperator.identity())) {
            List<String> tags = tags(queries);
            String path = "/" + other.upload(Drawings.circle(97, "png")).body().get("id").asText();
            tags = assertNew(tags, queries);
            other.send(HttpRequest.newBuilder(other.uri(path + "/info")).header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"caption\":\"other\"}")).build());
            tags = assertNew(tags, queries);
            other.send(HttpRequest.newBuilder(other.uri(path)).DELETE().build());
            tags = assertNew(tags, queries);
            other.post(path + "/restore", "text/plain", new byte[0]);
            assertNew(tags, queries);
            other.send(HttpRequest.newBuilder(other.uri(path)).DELETE().build());
        }
    }

    private static List<String> tags(List<String> queries) {
        return queries.stream()
                .map(query -> server.get(query).response().headers().firstValue("ETag").orElseThrow())
                .toList();
    }

    private static List<String> assertNew(List<String> before, List<String> queries) {
        for (int i = 0; i < queries.size(); i++) {
            assertEquals(200, status(queries.get(i), before.get(i)), queries.get(i));
        }
        List<String> now = tags(queries);
        for (int i = 0; i < queries.size(); i++) {
            assertEquals(304, status(queries.get(i), now.get(i)), queries.get(i));
        }
        return now;
    }

    @Test
    void valuesOfFiltersAreNeverPartOfTheCondition() {
        assertEquals(0, found("&tag=" + escaped("x') or true or array_has(tags, 'round")).size());
        assertEquals(0, found("&camera=" + escaped("' or '1'='1")).size());
        assertEquals(0, found("&format=" + escaped("png' or '1'='1")).size());
    }

    @Test
    void tooManyPicturesToBeLikeAre400() {
        assertEquals(400, server.get("/search?" + ("like=" + IDS.getFirst() + "&").repeat(33)).status());
    }
}
