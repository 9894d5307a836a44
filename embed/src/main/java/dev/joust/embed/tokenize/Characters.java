// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What kind of character a code point is, as the reference sees it. Its libraries know several versions of Unicode,
/// most of them older than this JVM's: where that matters, the sets were asked of the reference
/// (`make_unicode.py` wrote `unicode.txt`).
final class Characters {
    private static final Map<String, CodePoints> SETS = load();
    private static final CodePoints OTHER = set("other");
    private static final CodePoints NON_SPACING_MARKS = set("nonspacing");
    private static final CodePoints COMBINING_MARKS = set("combining");
    private static final CodePoints PUNCTUATION = set("punctuation");
    private static final CodePoints NUMERIC = set("numeric");

    private Characters() {}

    private static Map<String, CodePoints> load() {
        try (InputStream in = Characters.class.getResourceAsStream("unicode.txt")) {
            if (in == null) {
                throw new IllegalStateException("the resource unicode.txt is absent");
            }
            Map<String, CodePoints> sets = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (!line.startsWith("#")) {
                    sets.put(line.substring(0, colon), CodePoints.parse(line.substring(colon + 1)));
                }
            });
            return Map.copyOf(sets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One line of the resource.
    static CodePoints set(String name) {
        CodePoints set = SETS.get(name);
        if (set == null) {
            throw new IllegalStateException("unicode.txt has no set '" + name + "'");
        }
        return set;
    }

    /// Unicode's `White_Space`.
    static boolean isWhiteSpace(int codePoint) {
        return (codePoint >= 0x9 && codePoint <= 0xD) || codePoint == ' ' || (codePoint >= 0x85
                && (codePoint == 0x85 || codePoint == 0xA0 || codePoint == 0x1680
                || (codePoint >= 0x2000 && codePoint <= 0x200A) || codePoint == 0x2028 || codePoint == 0x2029
                || codePoint == 0x202F || codePoint == 0x205F || codePoint == 0x3000));
    }

    /// Letters, marks, decimal digits, connectors and joiners: `\w` of Unicode's regular expressions.
    static boolean isWord(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION -> true;
            default -> Character.isAlphabetic(codePoint) || codePoint == 0x200C || codePoint == 0x200D;
        };
    }

    /// Control, format and private-use characters.
    static boolean isOther(int codePoint) {
        return OTHER.contains(codePoint);
    }

    static boolean isNonSpacingMark(int codePoint) {
        return codePoint >= 0x300 && NON_SPACING_MARKS.contains(codePoint);
    }

    static boolean isCombiningMark(int codePoint) {
        return codePoint >= 0x300 && COMBINING_MARKS.contains(codePoint);
    }

    /// Unicode's punctuation and what ASCII has of symbols.
    static boolean isPunctuation(int codePoint) {
        return PUNCTUATION.contains(codePoint);
    }

    static boolean isNumeric(int codePoint) {
        return codePoint >= '0' && NUMERIC.contains(codePoint);
    }

    /// The ideographs that BERT puts spaces around.
    static boolean isBertIdeograph(int codePoint) {
        return codePoint >= 0x3400
                && ((codePoint >= 0x4E00 && codePoint <= 0x9FFF) || codePoint <= 0x4DBF
                || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                || (codePoint >= 0x20000 && codePoint <= 0x2A6DF) || (codePoint >= 0x2A700 && codePoint <= 0x2B73F)
                || (codePoint >= 0x2B740 && codePoint <= 0x2B81F) || (codePoint >= 0x2B920 && codePoint <= 0x2CEAF)
                || (codePoint >= 0x2F800 && codePoint <= 0x2FA1F));
    }

    /// Code point by code point, as the reference does: a sigma at the end of a word is not special, and the dotted
    /// capital I is the one letter that becomes two.
    static String lowerCase(String text) {
        StringBuilder result = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(codePoint -> {
            if (codePoint == 0x130) {
                result.append("i\u0307");
            } else {
                result.appendCodePoint(lowerCase(codePoint));
            }
        });
        return result.toString();
    }

    /// Unicode 17 has letters that this JVM may not know yet.
    private static int lowerCase(int codePoint) {
        if (codePoint >= 0x16EA0 && codePoint <= 0x16EB8) {
            return codePoint + 0x1B;
        }
        return switch (codePoint) {
            case 0xA7CE, 0xA7D2, 0xA7D4 -> codePoint + 1;
            default -> Character.toLowerCase(codePoint);
        };
    }
}
