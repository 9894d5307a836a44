// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.util.Arrays;
import java.util.List;

/// Tags as people type them: between commas.
public final class Tags {
    private Tags() {}

    public static List<String> parse(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(tag -> !tag.isEmpty()).distinct().toList();
    }
}
