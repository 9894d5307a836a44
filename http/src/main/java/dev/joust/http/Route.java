// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.http.handler.Endpoint;

/// One line of the URL table.
///
/// @param method     `GET` also answers `HEAD`
/// @param segments   of the path; `{name}` matches any one segment
/// @param parameters that may stand in the query; null where nobody looks at them
record Route(String method, List<String> segments, @Nullable Set<String> parameters, Endpoint endpoint) {
    /// Without parameters.
    static Route of(String method, String path, Endpoint endpoint) {
        return of(method, path, Set.of(), endpoint);
    }

    static Route of(String method, String path, Set<String> parameters, Endpoint endpoint) {
        return new Route(method, split(path), parameters, endpoint);
    }

    /// For what is the same whatever stands behind `?`.
    static Route ofAnyParameters(String path, Endpoint endpoint) {
        return new Route("GET", split(path), null, endpoint);
    }

    /// The path's segments; a trailing slash makes no difference.
    static List<String> split(String path) {
        List<String> segments = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        if (segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    /// What stands at the braces, if the path is this route's.
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{")) {
                parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
