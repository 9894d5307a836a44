// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/// How to reach a bucket: what the caller gave under the names that pylance and lancedb use (with or without `aws_`),
/// else the environment's `AWS_*` variables, else what the SDK finds by itself.
///
/// @param virtualHostedStyle the bucket is part of the host name; the default where no endpoint is given
record S3Options(
        @Nullable URI endpoint,
        @Nullable String region,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey,
        @Nullable String sessionToken,
        boolean allowHttp,
        boolean virtualHostedStyle,
        boolean skipSignature) {
    private static final Set<String> NAMES = Set.of(
            "endpoint", "endpoint_url", "region", "default_region", "access_key_id", "secret_access_key", "session_token",
            "token", "allow_http", "virtual_hosted_style_request", "skip_signature", "conditional_put");

    /// @throws IllegalArgumentException for a name that is not known, a value that is none, or plain HTTP that was not allowed
    static S3Options of(Map<String, String> options, Function<String, @Nullable String> environment) {
        Map<String, String> given = new HashMap<>();
        Set<String> unknown = new TreeSet<>();
        options.forEach((name, value) -> {
            String key = name.toLowerCase(Locale.ROOT);
            key = key.startsWith("aws_") ? key.substring("aws_".length()) : key;
            if (NAMES.contains(key)) {
                given.put(key, value);
            } else {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the s3 store has no option " + unknown + "; it knows " + new TreeSet<>(NAMES));
        }
        Function<String, @Nullable String> value = name -> {
            String option = given.get(name);
            return option != null ? option : blankToNull(environment.apply("AWS_" + name.toUpperCase(Locale.ROOT)));
        };
        String endpointText = first(value.apply("endpoint"), value.apply("endpoint_url"));
        boolean allowHttp = flag("allow_http", value.apply("allow_http"), false);
        URI endpoint = endpointText == null ? null : URI.create(endpointText);
        if (endpoint != null && !"https".equals(endpoint.getScheme()) && !(allowHttp && "http".equals(endpoint.getScheme()))) {
            throw new IllegalArgumentException("endpoint " + endpointText + ": "
                    + ("http".equals(endpoint.getScheme())
                            ? "plain HTTP needs allow_http=true (AWS_ALLOW_HTTP=true)"
                            : "expected https://HOST or http://HOST"));
        }
        return new S3Options(
                endpoint,
                first(value.apply("region"), value.apply("default_region")),
                value.apply("access_key_id"),
                value.apply("secret_access_key"),
                first(value.apply("session_token"), value.apply("token")),
                allowHttp,
                flag("virtual_hosted_style_request", value.apply("virtual_hosted_style_request"), endpoint == null),
                flag("skip_signature", value.apply("skip_signature"), false));
    }

    /// Says where, never who: no key is part of it.
    @Override
    public String toString() {
        return "S3Options[endpoint=" + endpoint + ", region=" + region + ", credentials="
                + (skipSignature ? "none" : accessKeyId == null ? "standard chain" : "given") + "]";
    }

    private static boolean flag(String name, @Nullable String text, boolean otherwise) {
        if (text == null) {
            return otherwise;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw new IllegalArgumentException(name + " is true or false, not '" + text + "'");
        };
    }

    private static @Nullable String first(@Nullable String a, @Nullable String b) {
        return a != null ? a : b;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
