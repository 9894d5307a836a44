// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/// What the SDK's exceptions mean, and what to say of them. No message holds what was sent: no header, signature or key.
final class S3Failures {
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;
    static final int NOT_IMPLEMENTED = 501;

    private static final Set<String> THROTTLING = Set.of(
            "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "TooManyRequests", "TooManyRequestsException", "RequestLimitExceeded",
            "BandwidthLimitExceeded", "SlowDownRead", "SlowDownWrite");
    private static final Set<String> TRANSIENT_CODES = Set.of(
            "RequestTimeout", "RequestTimeTooSkewed", "OperationAborted", "ConditionalRequestConflict", "InternalError",
            "XMinioServerNotInitialized");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /// What to do after a failed attempt.
    enum Kind {
        /// Another attempt would end the same.
        FINAL,
        /// Try again after a while.
        TRANSIENT,
        /// The same, and ask for less from now on.
        THROTTLED,
        /// Nobody listens there: try again, but not for long.
        UNREACHABLE
    }

    private S3Failures() {}

    static Kind kindOf(Exception e) {
        if (e instanceof AwsServiceException answer) {
            String code = code(answer);
            if (answer.statusCode() == 429 || answer.statusCode() == 503 || THROTTLING.contains(code)) {
                return Kind.THROTTLED;
            }
            boolean isTransient = answer.statusCode() == 408
                    || (answer.statusCode() >= 500 && answer.statusCode() != NOT_IMPLEMENTED)
                    || TRANSIENT_CODES.contains(code)
                    || (answer.statusCode() == CONFLICT && code.isEmpty()); // an answer without a body
            return isTransient ? Kind.TRANSIENT : Kind.FINAL;
        }
        if (isInterrupt(e)) {
            return Kind.FINAL;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnknownHostException _, ConnectException _, NoRouteToHostException _ -> {
                    return Kind.UNREACHABLE;
                }
                case SSLException ssl when isCertificateFault(ssl) -> {
                    return Kind.FINAL;
                }
                case IOException _ -> {
                    return Kind.TRANSIENT;
                }
                default -> {}
            }
        }
        return Kind.FINAL;
    }

    private static boolean isCertificateFault(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException
                    || cause instanceof java.security.cert.CertPathValidatorException
                    || cause.getClass().getSimpleName().contains("CertPathBuilder")) {
                return true;
            }
        }
        return false;
    }

    static boolean isInterrupt(Exception e) {
        return e instanceof AbortedException
                || e.getCause() instanceof InterruptedException
                || (e instanceof InterruptedIOException && !(e instanceof java.net.SocketTimeoutException)
                        && Thread.currentThread().isInterrupted());
    }

    static int status(Exception e) {
        return e instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    /// The service's own word for the failure; empty if it gave none.
    static String code(AwsServiceException answer) {
        return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
                ? "" : answer.awsErrorDetails().errorCode();
    }

    /// How long the service asks to be left alone.
    static Optional<Duration> retryAfter(Exception e) {
        return e instanceof AwsServiceException answer ? retryAfter(answer) : Optional.empty();
    }

    private static Optional<Duration> retryAfter(AwsServiceException answer) {
        return header(answer, "Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    static Optional<String> header(AwsServiceException answer, String name) {
        return answer.awsErrorDetails() == null || answer.awsErrorDetails().sdkHttpResponse() == null
                ? Optional.empty()
                : answer.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(name);
    }

    /// @param operation a verb, for the message
    /// @param where     the object, as `s3://bucket/key`
    /// @param name      of the object below its store
    static IOException toIoException(String operation, String where, String name, Exception e) {
        if (isInterrupt(e)) {
            Thread.currentThread().interrupt();
            return new InterruptedIOException(where + ": " + operation + ": interrupted");
        }
        if (e instanceof AwsServiceException answer) {
            return ofAnswer(operation, where, name, answer);
        }
        if (e instanceof SdkException) {
            return new IOException(where + ": " + operation + ": " + reason(e));
        }
        return e instanceof IOException io ? io : new IOException(where + ": " + operation + ": " + reason(e));
    }

    private static IOException ofAnswer(String operation, String where, String name, AwsServiceException answer) {
        String code = code(answer);
        String said = "HTTP " + answer.statusCode() + (code.isEmpty() ? "" : " " + code);
        if (code.equals("NoSuchBucket")) {
            return new NoSuchFileException(where, null, "there is no such bucket");
        }
        return switch (answer.statusCode()) {
            case NOT_FOUND -> new NoSuchFileException(name, null, where + ": not found");
            case 401, 403 -> new AccessDeniedException(where, null, operation + ": " + said + advice(code));
            case 301, 307 ->
                new IOException(where + ": " + operation + ": " + said + ": the bucket is in another region; set aws_region");
            default -> new IOException(where + ": " + operation + ": " + said);
        };
    }

    private static String advice(String code) {
        return switch (code) {
            case "InvalidAccessKeyId" -> ": the service does not know the access key";
            case "SignatureDoesNotMatch" -> ": the secret key or the region is wrong";
            case "RequestTimeTooSkewed" -> ": this machine's clock is wrong";
            case "ExpiredToken", "InvalidToken" -> ": the session token has expired or is none";
            default -> "";
        };
    }

    private static String reason(Exception e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return switch (root) {
            case UnknownHostException unknown -> "no such host: " + unknown.getMessage();
            case ConnectException refused -> "nobody listens there: " + refused.getMessage();
            default -> firstLine(root);
        };
    }

    private static String firstLine(Throwable e) {
        @Nullable String message = e.getMessage();
        if (message == null || message.isBlank()) {
            return e.getClass().getSimpleName();
        }
        // the chain of providers lists each of them with its reasons
        return message.startsWith("Unable to load credentials")
                ? "no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile, or aws_skip_signature=true for a public bucket"
                : message.lines().findFirst().orElse("");
    }
}
