// SPDX-License-Identifier: Apache-2.0
import dev.joust.Joust;
import java.util.List;

public class QuickStart {
    record Doc(String id, String text, float[] vector) {}

    public static void main(String[] args) {
        try (var db = Joust.connect(args.length > 0 ? args[0] : "./quickstart-db")) {
            var docs = db.createTable("docs", List.of(
                    new Doc("a", "a red bicycle", new float[] {1, 0, 0}),
                    new Doc("b", "a blue boat", new float[] {0, 1, 0})));
            docs.merge("id").whenMatchedUpdateAll().whenNotMatchedInsertAll()
                    .execute(List.of(new Doc("c", "a red boat", new float[] {0.7f, 0.7f, 0})));
            for (var hit : docs.search(new float[] {1, 0, 0}).where("id != ?", "b").limit(2).hits(Doc.class)) {
                System.out.println(hit.row().text() + "  " + hit.distance());
            }
        }
    }
}
