// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/// Unicode normalization as the reference does it: with the tables of Unicode 9, for which a character of a later
/// version is a letter like any other, that nothing composes with and no mark moves across.
final class UnicodeForm {
    private static final CodePoints UNKNOWN = Characters.set("unnormalized");

    private UnicodeForm() {}

    static String normalize(String text, Form form) {
        StringBuilder result = null;
        int done = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            if (codePoint >= 0x300 && UNKNOWN.contains(codePoint)) {
                if (result == null) {
                    result = new StringBuilder(text.length() + 16);
                }
                result.append(Normalizer.normalize(text.substring(done, i), form)).append(text, i, next);
                done = next;
            }
            i = next;
        }
        if (result == null) {
            return Normalizer.normalize(text, form);
        }
        return result.append(Normalizer.normalize(text.substring(done), form)).toString();
    }
}
