// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.util.Locale;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

import dev.joust.http.request.RequestException;

/// Pages of other sites, open in the same browser, must not change anything here. Browsers say where a request comes
/// from: newer ones by `Sec-Fetch-Site`, all of them by `Origin` where a request changes something. What says neither
/// is no browser.
final class SameOrigin {
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private SameOrigin() {}

    /// @throws RequestException (403) if a page of another site sent a request that may change something
    static void check(Request request) {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            return;
        }
        HttpFields headers = request.getHeaders();
        String site = headers.get(FETCH_SITE);
        String origin = headers.get(HttpHeader.ORIGIN);
        boolean ours = site != null
                ? site.equals("same-origin") || site.equals("none")
                : origin == null || isOurs(origin, headers.get(HttpHeader.HOST));
        if (!ours) {
            throw new RequestException(403, "requests from pages of other sites are refused");
        }
    }

    private static boolean isOurs(String origin, @Nullable String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        int start = lower.indexOf("://");
        return start >= 0 && host != null && lower.substring(start + 3).equals(host.toLowerCase(Locale.ROOT));
    }
}
