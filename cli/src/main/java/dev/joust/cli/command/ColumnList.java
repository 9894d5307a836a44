// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.ArrayList;
import java.util.List;

/// Splits `a,b.c,'f(x, y) as z'` at the commas outside quotes, brackets and parentheses.
final class ColumnList {
    private ColumnList() {}

    /// @throws UsageException for an empty item, or quotes and brackets that do not close
    static List<String> split(String text) {
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"' || c == '`') {
                quote = c;
            } else if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                add(items, item, text);
                continue;
            }
            item.append(c);
        }
        if (quote != 0 || depth != 0) {
            throw new UsageException("columns '" + text + "': a quote or bracket does not close");
        }
        add(items, item, text);
        return items;
    }

    /// As {@link #split}, for commands that take stored columns alone: a back-ticked name loses its ticks.
    static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        for (String item : split(text)) {
            if (isComputed(item)) {
                throw new UsageException("column '" + item + "': this command takes stored columns alone");
            }
            names.add(isTicked(item) ? item.substring(1, item.length() - 1) : item);
        }
        return names;
    }

    private static boolean isTicked(String item) {
        return item.length() > 2 && item.startsWith("`") && item.indexOf('`', 1) == item.length() - 1;
    }

    /// Whether the item is more than the name of a column or the path of a field.
    static boolean isComputed(String item) {
        return !isTicked(item) && item.matches("(?is).*(\\sas\\s|[()\\[\\]+*/%<>='|]|\\s-).*");
    }

    private static void add(List<String> items, StringBuilder item, String text) {
        String name = item.toString().strip();
        if (name.isEmpty()) {
            throw new UsageException("columns '" + text + "': one is empty");
        }
        items.add(name);
        item.setLength(0);
    }
}
