// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class LikePatternTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final String[] LETTERS = {"a", "b", "é", "ê", "😀", "\n"};
    private static final String[] PARTS = {"a", "b", "é", "ê", "😀", "%", "_", "%", "_", "\\%", "\\_", "\\\\", "\\a", "\\é"};

    @Test
    void matchesWhatTheSameRegularExpressionMatches() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            String pattern = drawn(random, PARTS, 7);
            String text = drawn(random, LETTERS, 8);
            assertEquals(
                    Pattern.compile(regexp(pattern), Pattern.DOTALL).matcher(text).matches(),
                    matches(pattern, text),
                    () -> "'" + text + "' like '" + pattern + "', seed " + SEED);
        }
    }

    @Test
    void aBackslashAtTheEndStandsForItself() {
        assertEquals(true, matches("a\\", "a\\"));
        assertEquals(false, matches("a\\", "a"));
    }

    private static boolean matches(String pattern, String text) {
        byte[] bytes = ("?" + text + "a").getBytes(StandardCharsets.UTF_8);
        return LikePattern.of(pattern.getBytes(StandardCharsets.UTF_8)).matches(bytes, 1, bytes.length - 1);
    }

    private static String drawn(Random random, String[] from, int most) {
        StringBuilder drawn = new StringBuilder();
        for (int count = random.nextInt(most + 1); count > 0; count--) {
            drawn.append(from[random.nextInt(from.length)]);
        }
        return drawn.toString();
    }

    private static String regexp(String pattern) {
        StringBuilder regexp = new StringBuilder();
        int[] points = pattern.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            switch (points[i]) {
                case '%' -> regexp.append(".*");
                case '_' -> regexp.append('.');
                case '\\' -> regexp.append(Pattern.quote(Character.toString(points[++i])));
                default -> regexp.append(Pattern.quote(Character.toString(points[i])));
            }
        }
        return regexp.toString();
    }
}
