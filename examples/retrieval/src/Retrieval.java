// SPDX-License-Identifier: Apache-2.0
import dev.joust.Joust;
import dev.joust.embed.CrossEncoder;
import dev.joust.embed.ModelOptions;
import dev.joust.embed.SentenceModel;
import dev.joust.search.Database;
import dev.joust.search.Embedder;
import dev.joust.search.Hit;
import dev.joust.search.Query;
import dev.joust.search.Reranker;
import dev.joust.search.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Documents in, prompt out: passages of a folder of texts are embedded and stored, those that fit a question are found
/// and put in order, and a prompt for a language model is printed.
public class Retrieval {
    record Options(Path documents, String question, String database, Path model, Path reranker, String where, int count) {
        static Options of(String[] args) {
            List<String> words = new ArrayList<>(List.of(args));
            Options options = new Options(null, null, take(words, "--db", "./retrieval-db"),
                    path(take(words, "--model", null)), path(take(words, "--reranker", null)),
                    take(words, "--where", null), count(take(words, "-k", "4")));
            if (words.size() != 2) {
                System.err.println("usage: FOLDER QUESTION [-k N] [--where FILTER] [--model DIR] [--reranker DIR] [--db DIR]");
                System.exit(2);
            }
            return new Options(Path.of(words.get(0)), words.get(1), options.database, options.model, options.reranker,
                    options.where, options.count);
        }

        private static String take(List<String> words, String name, String otherwise) {
            int at = words.indexOf(name);
            if (at < 0 || at + 1 == words.size()) {
                return otherwise;
            }
            words.remove(at);
            return words.remove(at);
        }

        private static int count(String text) {
            if (!text.matches("[1-9][0-9]{0,3}")) {
                throw new IllegalArgumentException("-k " + text + ": a number from 1 to 9999 is expected");
            }
            return Integer.parseInt(text);
        }

        private static Path path(String text) {
            return text == null ? null : Path.of(text);
        }
    }

    public static void main(String[] args) {
        try {
            run(Options.of(args));
        } catch (IOException | RuntimeException e) {
            // What is wrong with a folder, a filter or a model stands in the message
            System.err.println("ask: " + (e instanceof IOException ? e.toString() : e.getMessage()));
            System.exit(1);
        }
    }

    private static void run(Options options) throws IOException {
        // Both stay open until the end: a model's Embedder or Reranker runs it
        try (SentenceModel model = options.model == null ? null : SentenceModel.open(options.model, ModelOptions.DEFAULT.withThreadCount(2));
                CrossEncoder encoder = options.reranker == null ? null : CrossEncoder.open(options.reranker);
                Database db = Joust.connect(options.database)) {
            Embedder embedder = model == null ? new WordCounts(512) : model;
            Reranker reranker = encoder == null ? new SharedWords("text") : encoder.forColumn("text");
            List<Passage> passages = Passage.of(options.documents);
            if (passages.isEmpty()) {
                throw new IllegalArgumentException("no *.md or *.txt with text in " + options.documents);
            }
            String modelName = model == null ? "words" : options.model.toRealPath().getFileName().toString();
            Table table = store(db, modelName, passages, embedder);
            System.out.print(prompt(options.question, find(table, reranker, options)));
        }
    }

    /// Embeds and stores what is new, and deletes what the documents no longer say: a passage's id comes from its text.
    /// There is a table for each model, so that none meets the vectors of another.
    private static Table store(Database db, String modelName, List<Passage> passages, Embedder embedder) {
        String name = "passages-" + modelName.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + embedder.dimension();
        boolean isNew = !db.tableNames().contains(name);
        Set<String> gone = new HashSet<>();
        if (!isNew) {
            db.openTable(name).query().select("id").toMaps().forEach(row -> gone.add((String) row.get("id")));
        }
        List<Passage> added = passages.stream().filter(passage -> !gone.remove(passage.id())).toList();
        List<float[]> vectors = embedder.embed(added.stream().map(passage -> passage.heading() + "\n" + passage.text()).toList());
        List<Passage> rows = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            rows.add(added.get(i).with(vectors.get(i)));
        }
        Table table = isNew ? db.createTable(name, rows) : db.openTable(name);
        if (!isNew && !rows.isEmpty()) {
            table.add(rows);
        }
        gone.forEach(id -> table.delete("id = ?", id));
        db.registerEmbedder(name, embedder);
        System.err.println(rows.size() + " passages added, " + gone.size() + " deleted, " + table.countRows() + " stored");
        return table;
    }

    /// Words find passages by their vectors; ten times as many as are wanted, of which the reranker keeps the best.
    private static List<Hit<Passage>> find(Table table, Reranker reranker, Options options) {
        Query query = table.search(options.question).rerank(reranker).candidates(10 * options.count).limit(options.count);
        return (options.where == null ? query : query.where(options.where)).hits(Passage.class);
    }

    private static String prompt(String question, List<Hit<Passage>> hits) {
        StringBuilder prompt = new StringBuilder("Answer the question from these passages alone, and name those you used by number.\n");
        for (int i = 0; i < hits.size(); i++) {
            Passage passage = hits.get(i).row();
            prompt.append("\n[").append(i + 1).append("] ").append(passage.source()).append(", ").append(passage.heading())
                    .append('\n').append(passage.text()).append('\n');
        }
        return prompt.append("\nQuestion: ").append(question).append('\n').toString();
    }
}
