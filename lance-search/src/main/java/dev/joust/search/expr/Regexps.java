// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.jspecify.annotations.Nullable;

/// Regular expressions, Java's. Patterns that would go on for ever, or too deep, end in an error.
final class Regexps {
    /// Characters that one match may look at.
    private static final long MOST_STEPS = 20_000_000;

    private Regexps() {}

    static Values evaluate(Expression.Call call, Evaluation evaluation) {
        boolean replaces = call.function() == Functions.REGEXP_REPLACE;
        List<Values.Bytes> arguments = call.operands().stream()
                .map(operand -> TextFunctions.texts(operand, evaluation))
                .toList();
        boolean constant = arguments.stream().allMatch(argument -> argument.constant);
        int count = constant ? 1 : evaluation.rowCount();
        long[] valid = new long[Values.words(count)];
        long[] bits = new long[valid.length];
        byte[][] results = new byte[replaces ? count : 0][];
        Known known = null;
        for (int row = 0; row < count; row++) {
            int now = row;
            if (replaces) {
                results[row] = new byte[0];
            }
            if (!arguments.stream().allMatch(argument -> argument.isValid(now))) {
                continue;
            }
            Values.setBit(valid, row);
            String pattern = TextFunctions.text(arguments.get(1), row);
            int flagsAt = replaces ? 3 : 2;
            String flags = arguments.size() > flagsAt ? TextFunctions.text(arguments.get(flagsAt), row) : "";
            if (known == null || !known.pattern().equals(pattern) || !known.flags().equals(flags)) {
                known = Known.of(pattern, flags);
            }
            String text = TextFunctions.text(arguments.getFirst(), row);
            if (replaces) {
                String replacement = TextFunctions.text(arguments.get(2), row);
                results[row] = known.replace(text, replacement).getBytes(StandardCharsets.UTF_8);
            } else if (known.finds(text)) {
                Values.setBit(bits, row);
            }
        }
        return replaces ? Values.Bytes.of(results, valid, constant) : new Values.Bools(bits, valid, constant);
    }

    /// A pattern that was compiled.
    private record Known(String pattern, String flags, Pattern compiled, boolean everywhere) {
        static Known of(String pattern, String flags) {
            int options = Pattern.UNICODE_CASE;
            boolean everywhere = false;
            for (int i = 0; i < flags.length(); i++) {
                switch (flags.charAt(i)) {
                    case 'g' -> everywhere = true;
                    case 'i' -> options |= Pattern.CASE_INSENSITIVE;
                    case 's' -> options |= Pattern.DOTALL;
                    case 'm' -> options |= Pattern.MULTILINE;
                    case 'x' -> options |= Pattern.COMMENTS;
                    default -> throw new IllegalArgumentException("flags of regular expressions are g i m s x, not '" + flags + "'");
                }
            }
            try {
                return new Known(pattern, flags, Pattern.compile(pattern, options), everywhere);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("no regular expression: '" + pattern + "': " + e.getDescription(), e);
            } catch (StackOverflowError e) {
                throw tooMuch(pattern);
            }
        }

        boolean finds(String text) {
            try {
                return compiled.matcher(new Counted(text, pattern)).find();
            } catch (StackOverflowError e) {
                throw tooMuch(pattern);
            }
        }

        /// `\1` and `${1}` in the replacement stand for groups.
        String replace(String text, String replacement) {
            try {
                Matcher matcher = compiled.matcher(new Counted(text, pattern));
                String javas = replacement.replace("$", "\\$").replaceAll("\\\\([0-9])", "\\$$1");
                return everywhere ? matcher.replaceAll(javas) : matcher.replaceFirst(javas);
            } catch (StackOverflowError e) {
                throw tooMuch(pattern);
            } catch (IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("'" + pattern + "' has no such group: " + replacement, e);
            }
        }
    }

    private static IllegalArgumentException tooMuch(String pattern) {
        return new IllegalArgumentException("the regular expression '" + pattern + "' takes too long");
    }

    /// A text that is looked at so many times and no more.
    private static final class Counted implements CharSequence {
        private final String text;
        private final String pattern;
        private long steps;

        Counted(String text, @Nullable String pattern) {
            this.text = text;
            this.pattern = String.valueOf(pattern);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS + 100L * text.length()) {
                throw tooMuch(pattern);
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
