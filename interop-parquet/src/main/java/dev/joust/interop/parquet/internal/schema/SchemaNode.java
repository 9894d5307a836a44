// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import java.util.ArrayList;
import java.util.List;

import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;

/// A node of Parquet's schema, which footers hold as a list in pre-order.
///
/// @param children empty for a leaf, which is a column of the file
/// @param column   number of a leaf among the file's columns; -1 for a group
public record SchemaNode(SchemaElement element, List<SchemaNode> children, int column) {
    private static final int MAX_DEPTH = 60;

    /// The tree of a footer's list. The root is the message.
    ///
    /// @throws CorruptFileException if the list is no tree
    public static SchemaNode parse(List<SchemaElement> elements, SourceFile file, long footerOffset) {
        Parser parser = new Parser(elements, file, footerOffset);
        SchemaNode root = parser.node(0);
        if (parser.next != elements.size()) {
            throw parser.corrupt((elements.size() - parser.next) + " elements after the last");
        }
        return root;
    }

    public String name() {
        return element.getName();
    }

    public boolean isLeaf() {
        return column >= 0;
    }

    public boolean isRepeated() {
        return element.getRepetition_type() == FieldRepetitionType.REPEATED;
    }

    public boolean isOptional() {
        return element.getRepetition_type() == FieldRepetitionType.OPTIONAL;
    }

    /// The child whose name this is, without respect to case; null where there is none.
    public @Nullable SchemaNode child(String name) {
        return children.stream().filter(child -> child.name().equalsIgnoreCase(name)).findFirst().orElse(null);
    }

    private static final class Parser {
        private final List<SchemaElement> elements;
        private final SourceFile file;
        private final long footerOffset;
        private int next;
        private int columnCount;

        Parser(List<SchemaElement> elements, SourceFile file, long footerOffset) {
            this.elements = elements;
            this.file = file;
            this.footerOffset = footerOffset;
        }

        CorruptFileException corrupt(String problem) {
            return file.corrupt(footerOffset, "schema", problem);
        }

        SchemaNode node(int depth) {
            if (next == elements.size()) {
                throw corrupt("an element is missing after " + next);
            }
            if (depth > MAX_DEPTH) {
                throw file.unsupported("a schema nested deeper than " + MAX_DEPTH);
            }
            SchemaElement element = elements.get(next++);
            if (element.isSetType() && element.getNum_children() == 0) {
                return new SchemaNode(element, List.of(), columnCount++);
            }
            if (element.isSetType() || element.getNum_children() < 0
                    || element.getNum_children() > elements.size() - next) {
                throw corrupt("'" + element.getName() + "' has " + element.getNum_children() + " children, "
                        + (elements.size() - next) + " elements remain");
            }
            List<SchemaNode> children = new ArrayList<>();
            for (int i = 0; i < element.getNum_children(); i++) {
                children.add(node(depth + 1));
            }
            return new SchemaNode(element, children, -1);
        }
    }
}
