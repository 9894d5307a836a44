// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// One request, as endpoints see it. Used by one thread.
public final class Call {
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

    /// A whole number of the query between `least` and `most`, both allowed.
    public int queryInt(String name, int least, int most, int whenAbsent) {
        Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return whenAbsent;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below, like a number out of range
        }
        throw new RequestException(400, "'" + name + "' must be a whole number from " + least + " to " + most);
    }

    /// The bytes of the multipart body's part of that name.
    public byte[] filePart(String name) throws IOException {
        return bodies.filePart(request, name);
    }

    /// Whether the caller already has what carries this tag.
    public boolean has(String etag) {
        for (String candidate : request.getHeaders().getCSV(HttpHeader.IF_NONE_MATCH, true)) {
            if (candidate.equals("*") || candidate.equals(etag) || candidate.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }
}
