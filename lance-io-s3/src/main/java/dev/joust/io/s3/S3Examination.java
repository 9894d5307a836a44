// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;

import dev.joust.io.StoreCheck;
import dev.joust.io.internal.StoreExamination;

/// What keeps a bucket from working, found in the order in which requests meet it: settings, endpoint, credentials, the way
/// to the bucket, its region, the clock; then what tables ask of a service. Used once.
final class S3Examination {
    private static final Duration SKEW_WORTH_A_WORD = Duration.ofMinutes(1);
    private static final Duration SKEW_REFUSED = Duration.ofMinutes(15);
    private static final List<String> TRIED_ON_THE_BUCKET = List.of("path style", "bucket", "region", "clock");
    private static final List<String> TRIED_BY_WRITING =
            List.of("write", "ranged get", "conditional put", "listing order", "delete");

    private final S3Address address;
    private final S3Options options;
    private final boolean mayWrite;
    private final List<StoreCheck> checks = new ArrayList<>();

    private S3Examination(S3Address address, S3Options options, boolean mayWrite) {
        this.address = address;
        this.options = options;
        this.mayWrite = mayWrite;
    }

    static List<StoreCheck> of(
            URI uri, Map<String, String> options, Function<String, @Nullable String> environment, boolean mayWrite) {
        try {
            S3Examination examination = new S3Examination(
                    S3Address.of(uri), S3Options.of(options, environment).quickToFail(), mayWrite);
            examination.run();
            return examination.checks;
        } catch (IllegalArgumentException e) {
            return List.of(StoreCheck.failed("settings", String.valueOf(e.getMessage()), "correct the option or variable named there"));
        }
    }

    private void run() {
        endpoint();
        boolean isGood = credentials() && bucket();
        if (!isGood) {
            skip(TRIED_ON_THE_BUCKET, "something before it has to work first");
        }
        if (!isGood || !mayWrite) {
            skip(TRIED_BY_WRITING, isGood ? "--read-only was asked for" : "something before it has to work first");
            return;
        }
        // What a service does with conditions is a finding here, and no reason to stop.
        S3Options lenient = options.withUnsafeCommit();
        try (S3Connection connection = S3Connection.open(lenient, S3Clients.create(lenient))) {
            checks.addAll(StoreExamination.of(
                    S3ObjectStore.over(address, connection),
                    () -> connection.probe().ask(address) == ConditionalPutProbe.Answer.DECIDES
                            ? StoreExamination.keepsTheFirst()
                            : StoreExamination.losesRows()));
        }
    }

    private void skip(List<String> names, String why) {
        for (String name : names) {
            if (checks.stream().noneMatch(check -> check.name().equals(name))) {
                checks.add(StoreCheck.skipped(name, why));
            }
        }
    }

    private void endpoint() {
        URI endpoint = options.endpoint();
        if (endpoint == null) {
            checks.add(StoreCheck.ok("endpoint", "Amazon's"));
        } else if ("http".equals(endpoint.getScheme()) && !isLocal(endpoint.getHost())) {
            checks.add(StoreCheck.warning("endpoint", endpoint + ": plain HTTP, anyone on the way can read along", "use https:// if the service has it"));
        } else {
            checks.add(StoreCheck.ok("endpoint", endpoint.toString()));
        }
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private boolean credentials() {
        if (options.skipSignature()) {
            checks.add(StoreCheck.ok("credentials", "none: requests are not signed (aws_skip_signature)"));
            return true;
        }
        try {
            AwsCredentials found = S3Clients.credentials(options).resolveCredentials();
            checks.add(StoreCheck.ok(
                    "credentials",
                    options.keys() != null
                            ? "given as storage options"
                            : "found by the AWS SDK: " + found.providerName().orElse("its standard chain")));
            return true;
        } catch (SdkException e) {
            checks.add(StoreCheck.failed(
                    "credentials",
                    S3Failures.toIoException("credentials", address.uri().toString(), "", e).getMessage(),
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE), or aws_skip_signature=true for a public bucket"));
            return false;
        }
    }

    /// Lists an object at most: the one request that says most of what may be wrong.
    private boolean bucket() {
        try {
            answered(list(options));
            return true;
        } catch (SdkException e) {
            refused(e);
            return false;
        }
    }

    private SdkHttpResponse list(S3Options with) {
        try (S3Client client = S3Clients.create(with)) {
            String prefix = address.folderPrefix(dev.joust.io.ObjectPath.ROOT);
            return S3Connection.readsBy(client)
                    .list(new ReadRequests.ListRequest(address.bucket(), prefix, null, 1, null))
                    .head();
        }
    }

    private void answered(SdkHttpResponse answer) {
        checks.add(StoreCheck.ok("path style", styleOf(options)));
        checks.add(StoreCheck.ok("bucket", address.uri() + " can be listed"));
        region(answer.firstMatchingHeader("x-amz-bucket-region"));
        clock(answer);
    }

    private static String styleOf(S3Options options) {
        return options.virtualHostedStyle() ? "the bucket in the host's name" : "the bucket in the path";
    }

    private void region(Optional<String> ofBucket) {
        String used = S3Clients.region(options).id();
        if (ofBucket.isPresent() && !ofBucket.get().equals(used)) {
            checks.add(StoreCheck.warning(
                    "region", "the bucket is in " + ofBucket.get() + ", requests go to " + used + " first", "set aws_region=" + ofBucket.get()));
        } else {
            checks.add(StoreCheck.ok("region", used));
        }
    }

    private void clock(SdkHttpResponse answer) {
        Optional<Duration> skew = answer.firstMatchingHeader("Date").flatMap(S3Examination::skewTo);
        if (skew.isEmpty()) {
            checks.add(StoreCheck.skipped("clock", "the service does not say what time it is"));
            return;
        }
        String words = "this machine's clock is " + skew.get().abs().toSeconds() + " s " + (skew.get().isNegative() ? "behind" : "ahead")
                + " of the service's";
        if (skew.get().abs().compareTo(SKEW_REFUSED) > 0) {
            checks.add(StoreCheck.failed("clock", words, "set the clock; services refuse requests signed 15 minutes off"));
        } else if (skew.get().abs().compareTo(SKEW_WORTH_A_WORD) > 0) {
            checks.add(StoreCheck.warning("clock", words, "set the clock"));
        } else {
            checks.add(StoreCheck.ok("clock", words));
        }
    }

    private static Optional<Duration> skewTo(String date) {
        try {
            Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(Duration.between(theirs, Instant.now()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void refused(SdkException e) {
        String message = S3Failures.toIoException("list", address.uri().toString(), "", e).getMessage();
        if (!(e instanceof AwsServiceException answer)) {
            unreachable(e, message);
            return;
        }
        switch (S3Failures.code(answer)) {
            case "InvalidAccessKeyId" ->
                fail("credentials", message, "use a key of this service and account; AWS_ACCESS_KEY_ID may be of another");
            case "SignatureDoesNotMatch" ->
                fail("credentials", message, "check the secret key for missing or additional characters, and aws_region");
            case "ExpiredToken", "InvalidToken" -> fail("credentials", message, "get a new session token (AWS_SESSION_TOKEN)");
            case "RequestTimeTooSkewed" -> fail("clock", message, "set this machine's clock");
            case "AccessDenied" ->
                fail("bucket", message, "allow s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject below " + address.uri());
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException" ->
                fail("region", message, "set aws_region=" + S3Failures.header(answer, "x-amz-bucket-region").orElse("the bucket's region"));
            default -> otherRefusal(answer, message);
        }
    }

    private void otherRefusal(AwsServiceException answer, String message) {
        if (otherStyleWorks()) {
            return;
        }
        if (answer.statusCode() == S3Failures.NOT_FOUND) {
            fail("bucket", message, "create the bucket '" + address.bucket() + "', or correct its name or the endpoint");
        } else if (answer.statusCode() == 400 && options.endpoint() != null) {
            fail("endpoint", message, "an answer to a plain HTTP request often means that the endpoint is https:// (or the reverse)");
        } else {
            fail("bucket", message, "ask the service's operator; it answered HTTP " + answer.statusCode());
        }
    }

    /// A bucket that is found in the path but not in the host's name, or the reverse.
    private boolean otherStyleWorks() {
        S3Options other = options.inOtherStyle();
        try {
            list(other);
        } catch (SdkException e) {
            return false;
        }
        fail("path style", "the service expects " + styleOf(other), "set aws_virtual_hosted_style_request=" + other.virtualHostedStyle());
        return true;
    }

    private void unreachable(SdkException e, String message) {
        if (options.endpoint() != null && otherStyleWorks()) {
            return;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                fail("endpoint", message, "if the endpoint speaks plain HTTP, name it http://… and set allow_http=true; "
                        + "if its certificate is your own, add it to the JVM's trust store");
                return;
            }
            if (cause instanceof IOException) {
                break;
            }
        }
        fail("endpoint", message, "check host and port of aws_endpoint, the network, and proxies on the way");
    }

    /// In the place of what was taken for good before.
    private void fail(String name, String found, String fix) {
        checks.removeIf(check -> check.name().equals(name));
        checks.add(StoreCheck.failed(name, found, fix));
    }
}
