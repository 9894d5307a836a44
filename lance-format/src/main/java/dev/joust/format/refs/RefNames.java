// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import java.util.Locale;

/// What tags and branches may be called. The rules are the reference's, and one more for tags: those outside ASCII are
/// read, but not made, for the reference can't list the tags of a table that has one.
public final class RefNames {
    private static final String LOCK = ".lock";
    private static final int MAX_LENGTH = 200;

    private RefNames() {}

    /// @throws IllegalArgumentException saying what is wrong with the name of a tag
    public static void checkTag(String name) {
        check(!name.isEmpty(), "a tag's name can't be empty");
        check(isPlain(name), "a tag's name is made of letters, digits, '.', '-' and '_'", name);
        check(!name.startsWith(".") && !name.endsWith("."), "a tag's name neither starts nor ends with a dot", name);
        check(!name.endsWith(LOCK), "a tag's name does not end with .lock", name);
        check(!name.contains(".."), "a tag's name has no two dots in a row", name);
    }

    static void checkNewTag(String name) {
        checkTag(name);
        check(name.chars().allMatch(c -> c < 0x80), "a new tag's name is made of ASCII letters and digits", name);
        check(name.length() <= MAX_LENGTH, "a tag's name has at most " + MAX_LENGTH + " characters", name);
    }

    /// @throws IllegalArgumentException saying what is wrong with the name of a branch
    public static void checkBranch(String name) {
        check(!name.isEmpty(), "a branch's name can't be empty");
        check(!name.startsWith("/") && !name.endsWith("/"), "a branch's name neither starts nor ends with '/'", name);
        check(!name.contains("//"), "a branch's name has no two '/' in a row", name);
        check(!name.contains("..") && !name.contains("\\"), "a branch's name has neither '..' nor '\\' in it", name);
        for (String segment : name.split("/", -1)) {
            check(!segment.equals("."), "no part of a branch's name is '.', which no folder is called", name);
            check(isPlain(segment), "a branch's name is made of letters, digits, '.', '-', '_' and '/'", name);
        }
        check(!name.endsWith(LOCK), "a branch's name does not end with .lock", name);
        check(!name.equals(Branch.MAIN), "the main branch is there already, and is the only one of that name");
    }

    /// @throws IllegalArgumentException saying what is wrong with the name of a branch to be made
    public static void checkNewBranch(String name) {
        checkBranch(name);
        check(name.length() <= MAX_LENGTH, "a branch's name has at most " + MAX_LENGTH + " characters", name);
    }

    private static boolean isPlain(String name) {
        return name.codePoints().allMatch(c -> c == '.' || c == '-' || c == '_' || isAlphanumeric(c));
    }

    private static boolean isAlphanumeric(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> Character.isAlphabetic(codePoint);
        };
    }

    private static void check(boolean good, String rule) {
        if (!good) {
            throw new IllegalArgumentException(rule);
        }
    }

    private static void check(boolean good, String rule, String name) {
        if (!good) {
            String shown = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "..." : name;
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s, unlike '%s'", rule, shown));
        }
    }
}
