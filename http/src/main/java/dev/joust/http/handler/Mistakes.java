// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.util.function.Supplier;

import dev.joust.http.request.RequestException;
import dev.joust.pictures.NoSuchPictureException;
import dev.joust.search.NoSuchTableException;

/// What the library says of what it was given, as the caller's mistakes.
final class Mistakes {
    private Mistakes() {}

    /// @throws RequestException (404) if a picture or version is not there, (400) if something else is no good
    static <T> T named(Supplier<T> work) {
        try {
            return work.get();
        } catch (NoSuchPictureException | NoSuchTableException e) {
            throw mistake(404, e);
        } catch (IllegalArgumentException e) {
            throw mistake(400, e);
        }
    }

    private static RequestException mistake(int status, IllegalArgumentException cause) {
        String reason = cause.getMessage();
        RequestException mistake = new RequestException(status, reason == null ? "not a picture" : reason);
        mistake.initCause(cause);
        return mistake;
    }
}
