// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import com.fasterxml.jackson.databind.JsonNode;

/// The regular expressions of a `tokenizer.json`, which are Oniguruma's, as Java's.
final class Patterns {
    /// Classes and lines are Unicode's; a line ends at `\n` alone, and `^` and `$` stand for the ends of lines.
    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES | Pattern.MULTILINE;

    private static final Pattern PROPERTY = Pattern.compile("\\{(\\^?)([A-Za-z_ &-]+)}");
    /// The reference's word characters are without the joiners and, outside of classes, with the few numbers of
    /// Latin-1 that are no digits.
    private static final String WORD_IN_CLASS = "[\\w&&[^\u200c\u200d]]";
    private static final String NO_WORD_IN_CLASS = "[\\W\u200c\u200d]";
    private static final String WORD = "[[\\w&&[^\u200c\u200d]]\u00b2\u00b3\u00b9\u00bc-\u00be]";
    private static final String NO_WORD = "[^[\\w&&[^\u200c\u200d]]\u00b2\u00b3\u00b9\u00bc-\u00be]";

    private static final String BOUNDARY =
            "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";
    private static final String NO_BOUNDARY = "(?!" + BOUNDARY + ")";

    /// A look behind goes back by whole code points only if it names one beyond 16 bits, be it that none must be there.
    private static final String BY_CODE_POINTS = "\ud835\udfd8{0}";

    /// Names that mean the same in both, as they are written here.
    private static final Map<String, String> PROPERTY_NAMES = Map.of(
            "Letter", "L", "Number", "N", "Punctuation", "P", "Symbol", "S", "Mark", "M", "Separator", "Z");

    private Patterns() {}

    /// `{"Regex": …}` or `{"String": …}`.
    static Pattern parse(JsonNode node) {
        if (node.path("String").isTextual()) {
            return Pattern.compile(Pattern.quote(node.path("String").asText()));
        }
        String regex = node.path("Regex").asText();
        if (regex.isEmpty()) {
            throw new TokenizerException("a pattern that is neither a regex nor a string: " + node);
        }
        return compile(regex);
    }

    static Pattern compile(String regex) {
        try {
            String translated = translate(regex)
                    .replace("(?<=", "(?<=" + BY_CODE_POINTS)
                    .replace("(?<!", "(?<!" + BY_CODE_POINTS);
            return Pattern.compile(translated, FLAGS);
        } catch (PatternSyntaxException e) {
            throw new TokenizerException("pattern '" + regex + "' is not supported: " + e.getDescription(), e);
        }
    }

    private static String translate(String regex) {
        StringBuilder result = new StringBuilder(regex.length() + 16);
        int classDepth = 0;
        for (int i = 0; i < regex.length(); i++) {
            char character = regex.charAt(i);
            if (character != '\\' || i + 1 == regex.length()) {
                if (character == '[' && regex.startsWith("[:", i)) {
                    throw new TokenizerException("pattern '" + regex + "' is not supported: a class by name, [:");
                }
                classDepth += character == '[' ? 1 : character == ']' && classDepth > 0 ? -1 : 0;
                // A hash or a space in a Java pattern is itself, as in Oniguruma's
                result.append(character);
                continue;
            }
            char escaped = regex.charAt(++i);
            switch (escaped) {
                case 'w' -> result.append(classDepth > 0 ? WORD_IN_CLASS : WORD);
                case 'W' -> result.append(classDepth > 0 ? NO_WORD_IN_CLASS : NO_WORD);
                case 'b' -> result.append(classDepth > 0 ? "\\x08" : BOUNDARY);
                case 'B' -> result.append(NO_BOUNDARY);
                case 'h', 'H', 'O', 'K', 'y', 'Y', 'g', 'k', 'G' -> throw new TokenizerException(
                        "pattern '" + regex + "' is not supported: \\" + escaped);
                case 'p', 'P' -> {
                    Matcher property = PROPERTY.matcher(regex).region(i + 1, regex.length());
                    if (!property.lookingAt()) {
                        throw new TokenizerException(
                                "pattern '" + regex + "' is not supported: \\" + escaped + " without a {name}");
                    }
                    boolean negated = (escaped == 'P') != property.group(1).equals("^");
                    result.append(negated ? "\\P{" : "\\p{").append(property(property.group(2))).append('}');
                    i = property.end() - 1;
                }
                default -> result.append('\\').append(escaped);
            }
        }
        return result.toString();
    }

    /// General categories as they are; scripts and properties behind `Is`.
    private static String property(String name) {
        String known = PROPERTY_NAMES.getOrDefault(name, name);
        return known.length() <= 2 ? known : "Is" + known;
    }
}
