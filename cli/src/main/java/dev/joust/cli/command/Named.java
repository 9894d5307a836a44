// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

/// `name=SQL`, the name in back-ticks where it has odd characters.
record Named(String name, String expression) {
    /// @param option what it was given to, for messages
    /// @throws UsageException if it is not of that form
    static Named parse(String option, String text) {
        boolean ticked = text.startsWith("`");
        int nameEnd = ticked ? text.indexOf('`', 1) + 1 : text.indexOf('=');
        String name = nameEnd <= 0 ? "" : text.substring(ticked ? 1 : 0, ticked ? nameEnd - 1 : nameEnd).strip();
        String rest = nameEnd <= 0 ? "" : text.substring(nameEnd).strip();
        if (name.isEmpty() || !rest.startsWith("=") || rest.length() == 1) {
            throw new UsageException(option + " " + text + ": NAME=SQL expected");
        }
        return new Named(name, rest.substring(1).strip());
    }
}
