// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

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

    /// The passages of all `*.md` and `*.txt` files of a folder: paragraphs below one heading, together while they are short.
    static List<Passage> of(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> below = Files.walk(folder)) {
            files = below.filter(file -> file.toString().matches(".*\\.(md|txt)")).sorted().toList();
        }
        Map<String, Passage> passages = new LinkedHashMap<>();
        for (Path file : files) {
            String source = folder.relativize(file).toString();
            for (Passage passage : ofDocument(source, Files.readString(file))) {
                passages.putIfAbsent(passage.id, passage);
            }
        }
        return List.copyOf(passages.values());
    }

    private static List<Passage> ofDocument(String source, String document) {
        List<Passage> passages = new ArrayList<>();
        String heading = source;
        StringBuilder text = new StringBuilder();
        for (String paragraph : document.split("\n\\s*\n|\n(?=#)|(?<=\n)(?=#)")) {
            String stripped = paragraph.strip();
            boolean isHeading = stripped.startsWith("#");
            if (isHeading || text.length() + stripped.length() > MOST_CHARACTERS) {
                flush(source, heading, text, passages);
            }
            if (isHeading) {
                int end = stripped.indexOf('\n');
                heading = (end < 0 ? stripped : stripped.substring(0, end)).replaceFirst("#+\\s*", "");
                stripped = end < 0 ? "" : stripped.substring(end).strip();
            }
            for (String part : parts(stripped)) {
                if (text.length() + part.length() > MOST_CHARACTERS) {
                    flush(source, heading, text, passages);
                }
                text.append(text.isEmpty() || part.isEmpty() ? "" : "\n").append(part);
            }
        }
        flush(source, heading, text, passages);
        return passages;
    }

    /// A paragraph that is too long, by lines.
    private static List<String> parts(String paragraph) {
        return paragraph.length() <= MOST_CHARACTERS ? List.of(paragraph) : List.of(paragraph.split("\n"));
    }

    private static void flush(String source, String heading, StringBuilder text, List<Passage> passages) {
        if (!text.isEmpty()) {
            String id = UUID.nameUUIDFromBytes((source + "\n" + heading + "\n" + text).getBytes(StandardCharsets.UTF_8)).toString();
            passages.add(new Passage(id, source, heading, text.toString(), new float[0]));
            text.setLength(0);
        }
    }
}
