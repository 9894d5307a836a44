// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

import dev.joust.http.request.FileName;
import dev.joust.http.request.Form;
import dev.joust.http.request.JsonFields;
import dev.joust.http.request.RequestException;
import dev.joust.http.request.Upload;

/// One request, as endpoints see it. Used by one thread.
public final class Call {
    /// One of a list of tags, without its `W/`.
    private static final Pattern ETAG = Pattern.compile("\"[^\"]*\"|\\*");

    private final Request request;
    private final Map<String, String> pathParameters;
    private final BodyReader bodies;
    private final QueryParameters query;

    /// @param pathParameters what stood in the braces of the route's path, decoded
    public Call(Request request, Map<String, String> pathParameters, BodyReader bodies) {
        this.request = request;
        this.pathParameters = pathParameters;
        this.bodies = bodies;
        this.query = QueryParameters.parse(request.getHttpURI().getQuery());
    }

    /// A parameter that means nothing here is a mistake: whoever misspells one would get an answer to another question.
    ///
    /// @throws RequestException (400) naming it
    public void checkParameters(Set<String> known) {
        for (String name : query.names()) {
            if (!known.contains(name)) {
                throw new RequestException(400, "no parameter '" + FileName.shown(name) + "' here; there "
                        + (known.isEmpty() ? "is none" : "are " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    /// Whether it asks for something to be given, body and all.
    boolean isGet() {
        return request.getMethod().equals("GET");
    }

    /// What stood at `{name}` in the route's path.
    public String path(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no {" + name + "}");
        }
        return value;
    }

    /// A parameter of the query; empty where it is not given.
    public Optional<String> query(String name) {
        return query.get(name);
    }

    /// The values of a parameter that may be given several times.
    public List<String> queries(String name) {
        return query.all(name);
    }

    /// A whole number of the query between `least` and `most`, both allowed.
    public int queryInt(String name, int least, int most, int whenAbsent) {
        return Math.toIntExact(queryLong(name, least, most).orElse(whenAbsent));
    }

    /// As {@link #queryInt}; empty where it is not given.
    public OptionalLong queryLong(String name, long least, long most) {
        Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= least && value <= most) {
                return OptionalLong.of(value);
            }
        } catch (NumberFormatException e) {
            // answered below, like a number out of range
        }
        throw new RequestException(400, "'" + name + "' must be a whole number from " + least + " to " + most);
    }

    /// `true`, `false`, or nothing at all after the name, which is `true`.
    public boolean queryFlag(String name) {
        return switch (query.get(name).orElse("false")) {
            case "true", "1", "" -> true;
            case "false", "0" -> false;
            default -> throw new RequestException(400, "'" + name + "' must be true or false");
        };
    }

    /// The query as it was sent.
    public String rawQuery() {
        String raw = request.getHttpURI().getQuery();
        return raw == null ? "" : raw;
    }

    public Optional<String> header(HttpHeader name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /// Whether the caller prefers this type to JSON lines.
    public boolean accepts(String contentType) {
        return header(HttpHeader.ACCEPT)
                .filter(accepted -> accepted.contains(contentType) && !accepted.contains(Answer.JSON_LINES))
                .isPresent();
    }

    /// The body, as a form with one file in that field.
    public Form form(String fileField) throws IOException {
        return bodies.form(request, fileField);
    }

    /// The body, as many pictures; to be closed by the caller.
    public Upload upload() throws IOException {
        return bodies.upload(request);
    }

    /// The body, as a small JSON object.
    public JsonFields json() throws IOException {
        return bodies.json(request);
    }

    /// Whether the caller already has what carries this tag. Weak and strong tags are equal here, as RFC 9110, 13.1.2
    /// has it.
    public boolean has(String etag) {
        String wanted = etag.substring(etag.indexOf('"'));
        for (String header : request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH)) {
            Matcher tags = ETAG.matcher(header);
            while (tags.find()) {
                if (tags.group().equals("*") || tags.group().equals(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }
}
