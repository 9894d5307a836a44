// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
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
/// @param endpoint           of another service than Amazon's, or another way to it; null for Amazon's own
/// @param region             null to find it out
/// @param keys               null for the SDK's standard chain
/// @param virtualHostedStyle the bucket is part of the host name; the default where no endpoint is given
/// @param skipSignature      for buckets that anyone may read
/// @param express            listings come in no order, whatever the bucket's name
/// @param requesterPays      who asks pays for it
/// @param unsafeCommit       write although the service can't decide between two writers
/// @param encryption         at rest; null for the bucket's own
/// @param timeout            until a service that says nothing is given up, per attempt
/// @param maxRetries         attempts of one request after the first
/// @param retryTimeout       after which a request is not tried again
record S3Options(
        @Nullable URI endpoint,
        @Nullable String region,
        @Nullable Keys keys,
        boolean virtualHostedStyle,
        boolean skipSignature,
        boolean express,
        boolean requesterPays,
        boolean unsafeCommit,
        @Nullable Encryption encryption,
        Duration connectTimeout,
        Duration timeout,
        int maxRetries,
        Duration retryTimeout) {
    private static final System.Logger LOG = System.getLogger(S3Options.class.getName());

    /// Read from options and, with `AWS_` before it, from the environment.
    private static final Set<String> NAMES = Set.of(
            "access_key_id", "secret_access_key", "session_token", "token", "region", "default_region", "endpoint",
            "endpoint_url", "endpoint_url_s3", "allow_http", "virtual_hosted_style_request", "skip_signature", "s3_express",
            "request_payer", "server_side_encryption", "sse_kms_key_id", "sse_bucket_key_enabled", "connect_timeout", "timeout",
            "client_max_retries", "client_retry_timeout", "unsafe_commit");

    /// What the reference knows and needs no answer here: HTTPS covers what an unsigned payload leaves open, put-if-absent is
    /// all that commits need, and parts of a body that did not come are always asked for again.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "unsigned_payload", "copy_if_not_exists", "disable_tagging", "imdsv1_fallback", "conditional_put", "disable_bulk_delete",
            "download_retry_count", "pool_idle_timeout", "pool_max_idle_per_host", "http1_only", "http2_only",
            "http2_keep_alive_interval", "http2_keep_alive_timeout", "http2_keep_alive_while_idle", "http2_max_frame_size",
            "user_agent", "bucket", "bucket_name", "randomize_addresses", "default_content_type");

    /// What the reference knows and we don't: to go on without would be something else than was asked for.
    private static final Set<String> NOT_SUPPORTED = Set.of(
            "sse_customer_key_base64", "checksum_algorithm", "metadata_endpoint", "container_credentials_relative_uri",
            "container_credentials_full_uri", "container_authorization_token_file", "web_identity_token_file", "role_arn",
            "role_session_name", "endpoint_url_sts", "allow_invalid_certificates", "proxy_url", "proxy_ca_certificate",
            "proxy_excludes");

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_RETRIES = 10;
    private static final Duration RETRY_TIMEOUT = Duration.ofMinutes(3);
    private static final String R2_HOST = ".r2.cloudflarestorage.com";

    /// A key with its secret. Prints none of them.
    record Keys(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
        @Override
        public String toString() {
            return "Keys[given]";
        }
    }

    /// Of objects that are written.
    ///
    /// @param algorithm `AES256`, `aws:kms` or `aws:kms:dsse`
    record Encryption(String algorithm, @Nullable String kmsKeyId, boolean bucketKey) {}

    /// @throws IllegalArgumentException for a value that is none, plain HTTP that was not allowed, half a key, and what the
    ///                                  reference offers and this does not
    static S3Options of(Map<String, String> options, Function<String, @Nullable String> environment) {
        Map<String, String> given = known(options);
        Function<String, @Nullable String> value = name -> {
            String option = given.get(name);
            return option != null ? option : blankToNull(environment.apply(variable(name)));
        };
        boolean allowHttp = flag("allow_http", value.apply("allow_http"), false);
        URI endpoint = endpoint(
                first(value.apply("endpoint_url_s3"), first(value.apply("endpoint"), value.apply("endpoint_url"))), allowHttp);
        String algorithm = value.apply("server_side_encryption");
        return new S3Options(
                endpoint,
                region(first(value.apply("region"), value.apply("default_region")), endpoint),
                keys(given),
                flag("virtual_hosted_style_request", value.apply("virtual_hosted_style_request"), endpoint == null),
                flag("skip_signature", value.apply("skip_signature"), false),
                flag("s3_express", value.apply("s3_express"), false),
                flag("request_payer", value.apply("request_payer"), false),
                flag("unsafe_commit", given.get("unsafe_commit"), false),
                algorithm == null ? null : encryption(algorithm, value),
                duration("connect_timeout", value.apply("connect_timeout"), CONNECT_TIMEOUT),
                duration("timeout", value.apply("timeout"), TIMEOUT),
                Math.toIntExact(number("client_max_retries", value.apply("client_max_retries"), MAX_RETRIES, 1000)),
                Duration.ofSeconds(number(
                        "client_retry_timeout", value.apply("client_retry_timeout"), RETRY_TIMEOUT.toSeconds(), 86_400)));
    }

    private static Map<String, String> known(Map<String, String> options) {
        Map<String, String> given = new HashMap<>();
        Set<String> unknown = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        options.forEach((name, value) -> {
            String key = name.toLowerCase(Locale.ROOT);
            key = key.startsWith("aws_") ? key.substring("aws_".length()) : key;
            if (NAMES.contains(key)) {
                given.put(key, value);
            } else if (NOT_SUPPORTED.contains(key)) {
                refused.add(name);
            } else if (!WITHOUT_EFFECT.contains(key)) {
                unknown.add(name);
            }
        });
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException("the s3 store does not support the option " + String.join(", ", refused)
                    + (refused.stream().anyMatch(name -> name.contains("role") || name.contains("container"))
                            ? "; set the environment variable of that name, which the AWS SDK reads" : ""));
        }
        if (!unknown.isEmpty()) {
            LOG.log(Level.WARNING, "the s3 store has no option {0}: ignored", String.join(", ", unknown));
        }
        return given;
    }

    private static String variable(String name) {
        return name.startsWith("client_") ? "OBJECT_STORE_" + name.toUpperCase(Locale.ROOT) : "AWS_" + name.toUpperCase(Locale.ROOT);
    }

    /// Only keys given as options: those of the environment are found by the SDK, and a token of one is never sent with a key
    /// of the other.
    private static @Nullable Keys keys(Map<String, String> given) {
        String id = blankToNull(given.get("access_key_id"));
        String secret = blankToNull(given.get("secret_access_key"));
        if ((id == null) != (secret == null)) {
            throw new IllegalArgumentException(id == null
                    ? "aws_secret_access_key is given without aws_access_key_id"
                    : "aws_access_key_id is given without aws_secret_access_key");
        }
        return id == null || secret == null
                ? null
                : new Keys(id, secret, blankToNull(first(given.get("session_token"), given.get("token"))));
    }

    private static @Nullable URI endpoint(@Nullable String text, boolean allowHttp) {
        if (text == null) {
            return null;
        }
        URI endpoint;
        try {
            endpoint = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the endpoint is no URI; expected https://HOST or http://HOST");
        }
        if (endpoint.getUserInfo() != null) {
            throw new IllegalArgumentException("the endpoint holds a user or key before '@'; give keys as aws_access_key_id and "
                    + "aws_secret_access_key");
        }
        boolean isHttp = "http".equals(endpoint.getScheme());
        if (endpoint.getHost() == null || !(isHttp || "https".equals(endpoint.getScheme()))) {
            throw new IllegalArgumentException("endpoint " + text + ": expected https://HOST or http://HOST");
        }
        if (isHttp && !allowHttp) {
            throw new IllegalArgumentException(
                    "endpoint " + text + ": plain HTTP needs allow_http=true (AWS_ALLOW_HTTP=true)");
        }
        return endpoint;
    }

    private static @Nullable String region(@Nullable String given, @Nullable URI endpoint) {
        if (given != null || endpoint == null) {
            return given;
        }
        return endpoint.getHost().endsWith(R2_HOST) ? "auto" : "us-east-1";
    }

    private static Encryption encryption(String algorithm, Function<String, @Nullable String> value) {
        return switch (algorithm) {
            case "AES256", "aws:kms", "aws:kms:dsse" ->
                new Encryption(
                        algorithm,
                        value.apply("sse_kms_key_id"),
                        flag("sse_bucket_key_enabled", value.apply("sse_bucket_key_enabled"), false));
            default ->
                throw new IllegalArgumentException(
                        "server_side_encryption is AES256, aws:kms or aws:kms:dsse, not '" + algorithm + "'");
        };
    }

    /// For questions whose answer somebody waits for.
    S3Options quickToFail() {
        return new S3Options(
                endpoint, region, keys, virtualHostedStyle, skipSignature, express, requesterPays, unsafeCommit, encryption,
                connectTimeout, timeout, 1, Duration.ofSeconds(10));
    }

    S3Options withUnsafeCommit() {
        return new S3Options(
                endpoint, region, keys, virtualHostedStyle, skipSignature, express, requesterPays, true, encryption,
                connectTimeout, timeout, maxRetries, retryTimeout);
    }

    /// With the bucket in the path instead of the host's name, or the reverse.
    S3Options inOtherStyle() {
        return new S3Options(
                endpoint, region, keys, !virtualHostedStyle, skipSignature, express, requesterPays, unsafeCommit, encryption,
                connectTimeout, timeout, maxRetries, retryTimeout);
    }

    /// Whether the service is Amazon's, which is known to decide between two writers.
    boolean isAmazon() {
        return endpoint == null
                || endpoint.getHost().endsWith(".amazonaws.com")
                || endpoint.getHost().endsWith(".amazonaws.com.cn");
    }

    /// Says where, never who: no key is part of it.
    @Override
    public String toString() {
        return "S3Options[endpoint=" + endpoint + ", region=" + region + ", credentials="
                + (skipSignature ? "none" : keys == null ? "standard chain" : "given") + "]";
    }

    private static boolean flag(String name, @Nullable String text, boolean otherwise) {
        if (text == null) {
            return otherwise;
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on", "y" -> true;
            case "false", "0", "no", "off", "n" -> false;
            default -> throw new IllegalArgumentException(name + " is true or false, not '" + text + "'");
        };
    }

    private static long number(String name, @Nullable String text, long otherwise, long most) {
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.strip());
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(name + " is a number from 0 to " + most + ", not '" + text + "'");
    }

    private static Duration duration(String name, @Nullable String text, Duration otherwise) {
        return text == null ? otherwise : Durations.parse(name, text);
    }

    private static @Nullable String first(@Nullable String a, @Nullable String b) {
        return a != null ? a : b;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
