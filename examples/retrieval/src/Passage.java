// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A piece of a document, a row of the table.
///
/// @param id      made of all the rest but the vector
/// @param source  the document's file
/// @param heading what it stands below
record Passage(String id, String source, String heading, String text, float[] vector) {
    /// Sentence models look at some hundred words at most; what is longer is cut, so passages stay shorter.
    private static final int MOST_CHARACTERS = 600;

    Passage with(float[] newVector) {
        return new Passage(id, source, heading, text, newVector);
    }

    /// The passages of a folder's documents, each once.
    static List<Passage> of(Path folder) throws IOException {
        Map<String, Passage> passages = new LinkedHashMap<>();
        Documents.of(folder).forEach((source, document) -> new Splitter(source).split(document)
                .forEach(passage -> passages.putIfAbsent(passage.id, passage)));
        return List.copyOf(passages.values());
    }

    /// Paragraphs below one heading, together while they are short.
    private static final class Splitter {
        private final String source;
        private final List<Passage> passages = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final List<String> paragraph = new ArrayList<>();
        private String heading;

        private Splitter(String source) {
            this.source = source;
            heading = source;
        }

        private List<Passage> split(String document) {
            boolean isCode = false;
            for (String line : document.lines().toList()) {
                isCode ^= line.strip().matches("(```|~~~).*");
                // In code a # begins a comment
                if (!isCode && line.matches("#{1,6}\\s.*")) {
                    endParagraph();
                    endPassage();
                    heading = line.replaceFirst("#+\\s*", "").strip();
                } else if (line.isBlank()) {
                    endParagraph();
                } else {
                    paragraph.add(line.stripTrailing());
                }
            }
            endParagraph();
            endPassage();
            return passages;
        }

        /// It goes on the passage, or begins the next if it doesn't fit; one that fits nowhere is parted.
        private void endParagraph() {
            int length = paragraph.stream().mapToInt(line -> line.length() + 1).sum();
            if (text.length() + length > MOST_CHARACTERS) {
                endPassage();
            }
            for (String line : paragraph) {
                for (String part : parts(line)) {
                    if (text.length() + part.length() > MOST_CHARACTERS) {
                        endPassage();
                    }
                    text.append(text.isEmpty() ? "" : "\n").append(part);
                }
            }
            paragraph.clear();
        }

        /// A line that is too long, parted at spaces where there are any.
        private static List<String> parts(String line) {
            List<String> parts = new ArrayList<>();
            int start = 0;
            while (line.length() - start > MOST_CHARACTERS) {
                int space = line.lastIndexOf(' ', start + MOST_CHARACTERS);
                int end = space > start ? space : start + MOST_CHARACTERS;
                // Not between the halves of one character
                end -= Character.isHighSurrogate(line.charAt(end - 1)) ? 1 : 0;
                parts.add(line.substring(start, end).strip());
                start = end;
            }
            parts.add(line.substring(start));
            parts.removeIf(String::isBlank);
            return parts;
        }

        private void endPassage() {
            if (!text.isEmpty()) {
                String id = UUID.nameUUIDFromBytes((source + "\n" + heading + "\n" + text).getBytes(StandardCharsets.UTF_8)).toString();
                passages.add(new Passage(id, source, heading, text.toString(), new float[0]));
                text.setLength(0);
            }
        }
    }
}
