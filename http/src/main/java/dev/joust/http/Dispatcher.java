// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import dev.joust.http.handler.Answer;
import dev.joust.http.handler.AnswerBody;
import dev.joust.http.handler.BodyReader;
import dev.joust.http.handler.Call;
import dev.joust.http.request.RequestException;

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
        boolean isHeldBack = request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        boolean bodyIsHeldBack =
                answer.status() == HttpStatus.REQUEST_TIMEOUT_408 || (isHeldBack && answer.status() >= 400);
        boolean bodyIsStillRead = answer.body() instanceof AnswerBody.Streamed;
        if (bodyIsHeldBack || (!bodyIsStillRead && !BodyReader.drain(request))) {
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
                SameOrigin.check(request);
                Call call = new Call(request, parameters.get(), bodies);
                if (route.parameters() != null) {
                    call.checkParameters(route.parameters());
                }
                return route.endpoint().handle(call);
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

    private static void write(Request request, Response response, Answer answer, Callback callback) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        SecurityHeaders.addTo(headers);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        answer.headers().forEach(headers::put);
        boolean bodiless = request.getMethod().equals("HEAD") || HttpStatus.hasNoBody(answer.status());
        switch (answer.body()) {
            case AnswerBody.Whole whole -> {
                if (!HttpStatus.hasNoBody(answer.status())) {
                    headers.put(HttpHeader.CONTENT_LENGTH, whole.bytes().length);
                }
                response.write(true, bodiless ? null : ByteBuffer.wrap(whole.bytes()), callback);
            }
            case AnswerBody.Streamed streamed -> {
                if (bodiless) {
                    response.write(true, null, callback);
                } else {
                    stream(request, response, streamed.writer(), callback);
                }
            }
        }
    }

    /// The head has gone out by the time that anything may fail: the connection is cut then, so that nobody takes half
    /// an answer for a whole one.
    private static void stream(Request request, Response response, AnswerBody.Writer writer, Callback callback) {
        try {
            writer.writeTo(Content.Sink.asOutputStream(response));
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            Errors.reportCut(e);
            callback.failed(e);
            return;
        }
        if (BodyReader.drain(request)) {
            response.write(true, null, callback);
        } else {
            callback.failed(new EofException("the rest of the body is not taken in"));
        }
    }
}
