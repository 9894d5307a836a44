// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import dev.joust.http.handler.Answer;
import dev.joust.http.handler.BodyReader;
import dev.joust.http.handler.Call;
import dev.joust.http.handler.RequestException;

/// Finds the route of a request, runs its endpoint and writes the answer.
final class Dispatcher extends Handler.Abstract {
    private final List<Route> routes;
    private final BodyReader bodies;

    Dispatcher(List<Route> routes, BodyReader bodies) {
        this.routes = routes;
        this.bodies = bodies;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer;
        try {
            answer = answer(request, response);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            answer = Errors.answer(e);
        }
        boolean bodyIsHeldBack = answer.status() >= 400
                && request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        if (bodyIsHeldBack || !BodyReader.drain(request)) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        write(request, response, answer, callback);
        return true;
    }

    private Answer answer(Request request, Response response) throws Exception {
        refuseClimbing(request.getHttpURI().getPath());
        List<String> path = Route.split(Request.getPathInContext(request));
        String method = request.getMethod();
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(path);
            if (parameters.isEmpty()) {
                continue;
            }
            if (route.method().equals(method) || (route.method().equals("GET") && method.equals("HEAD"))) {
                refuseOtherSites(request);
                return route.endpoint().handle(new Call(request, parameters.get(), bodies));
            }
            allowed.add(route.method());
        }
        if (allowed.isEmpty()) {
            throw new RequestException(404, "no such page");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", allowed));
        throw new RequestException(405, "not " + method + " but " + String.join(" or ", allowed));
    }

    /// Jetty resolves `..`; no honest client sends it.
    private static void refuseClimbing(String rawPath) {
        if (!rawPath.startsWith("/")) {
            throw new RequestException(400, "not a path");
        }
        for (String segment : rawPath.split("/", -1)) {
            String plain = segment.replaceAll("(?i)%2e", ".");
            if (plain.equals(".") || plain.equals("..") || plain.indexOf('\\') >= 0
                    || plain.startsWith("..;") || plain.toLowerCase(java.util.Locale.ROOT).contains("%5c")) {
                throw new RequestException(400, "the path climbs");
            }
        }
    }

    /// Other sites' pages, open in the same browser, must not change anything here; browsers say where a request
    /// comes from.
    private static void refuseOtherSites(Request request) {
        boolean changes = !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
        if (changes && "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"))) {
            throw new RequestException(403, "requests from other sites are refused");
        }
    }

    private static void write(Request request, Response response, Answer answer, Callback callback) {
        response.setStatus(answer.status());
        SecurityHeaders.addTo(response.getHeaders());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, answer.etag() == null ? "no-store" : "no-cache");
        if (answer.etag() != null) {
            response.getHeaders().put(HttpHeader.ETAG, answer.etag());
        }
        if (answer.contentType() != null) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        }
        boolean bodiless = request.getMethod().equals("HEAD") || HttpStatus.hasNoBody(answer.status());
        response.write(true, bodiless ? null : ByteBuffer.wrap(answer.body()), callback);
    }
}
