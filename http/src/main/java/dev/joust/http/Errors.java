// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.joust.format.batch.BufferSource;
import dev.joust.http.handler.Answer;
import dev.joust.http.json.FailureBody;
import dev.joust.http.request.RequestException;

/// Which failure becomes which status, and what the caller is told: `{"error": reason}`, never a stack trace.
///
///     RequestException         its own status and reason
///     HttpException (Jetty)    its own status: a request that is no sound HTTP
///     OutOfBudgetException     503
///     anything else            500, with a number that stands beside the trace in the log
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private Errors() {}

    static Answer answer(Throwable failure) {
        return switch (failure) {
            case RequestException mistake -> json(mistake.status(), String.valueOf(mistake.getMessage()));
            case HttpException broken when broken.getCode() < 500 -> json(broken.getCode(), reason(broken.getCode()));
            case BufferSource.OutOfBudgetException _ -> json(503, "the server is out of memory for this, try again");
            default -> json(500, "internal error " + report(failure) + ", see the server's log");
        };
    }

    private static Answer json(int status, String reason) {
        return Answer.json(status, new FailureBody(reason));
    }

    private static String report(Throwable failure) {
        String number = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        if (!(failure instanceof QuietException)) {
            LOG.error("internal error {}", number, failure);
        }
        return number;
    }

    /// An answer that could not be written to its end: for the log, unless the client has gone.
    static void reportCut(Throwable failure) {
        if (failure instanceof IOException) {
            LOG.debug("a client has gone before its answer's end", failure);
        } else {
            report(failure);
        }
    }

    /// What is wrong with a request that Jetty itself refuses.
    private static String reason(int status) {
        return switch (status) {
            case 404 -> "no such page";
            case 405 -> "no such method here";
            case 408 -> "the request came too slowly";
            case 413 -> "the body is too long";
            case 414 -> "the URL is too long";
            case 417 -> "the expectation cannot be met";
            case 426, 505 -> "speak HTTP/1.1";
            case 431 -> "the headers are too long";
            case 503 -> "the server is stopping";
            default -> status < 500 ? "not a sound HTTP request" : "internal error";
        };
    }

    /// Jetty's own refusals in the same words.
    static final class JettyErrors extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            int status = response.getStatus();
            byte[] body = new FailureBody(reason(status)).toBytes();
            SecurityHeaders.addTo(response.getHeaders());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
