// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.parquet.format.ConvertedType;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Plans for all columns of a Parquet file (Parquet's LogicalTypes document, "Nested types", with its rules for files of
/// older writers: lists of two levels, repeated fields outside of lists).
public final class ColumnPlans {
    private static final String FIELD_ID = "PARQUET:field_id";

    private final SourceFile file;
    private final LeafTypes leafTypes;

    private ColumnPlans(SourceFile file, long footerOffset) {
        this.file = file;
        this.leafTypes = new LeafTypes(file, footerOffset);
    }

    /// @param origins what the writer's Arrow schema says of a column, by name; empty where there is none
    public static List<ColumnPlan> of(SchemaNode root, Map<String, Field> origins, SourceFile file, long footerOffset) {
        ColumnPlans plans = new ColumnPlans(file, footerOffset);
        List<ColumnPlan> columns = new ArrayList<>();
        Set<String> names = new java.util.HashSet<>();
        for (SchemaNode child : root.children()) {
            if (!names.add(child.name())) {
                throw file.unsupported("two columns named '" + child.name() + "'");
            }
            columns.add(plans.plan(child, origins.get(child.name()), 0, 0, 0));
        }
        if (columns.isEmpty()) {
            throw file.unsupported("a file without columns");
        }
        return columns;
    }

    private ColumnPlan plan(SchemaNode node, @Nullable Field origin, int slotDefinition, int definition, int repetition) {
        if (!node.isRepeated()) {
            return body(node, origin, slotDefinition, definition + (node.isOptional() ? 1 : 0), repetition, node.isOptional());
        }
        ColumnPlan item = body(node, itemOrigin(origin), definition + 1, definition + 1, repetition + 1, false);
        return list(node, origin, slotDefinition, definition, repetition, false, item);
    }

    private ColumnPlan body(
            SchemaNode node, @Nullable Field origin, int slotDefinition, int definition, int repetition, boolean nullable) {
        if (node.isLeaf()) {
            return leaf(node, origin, slotDefinition, definition, repetition, nullable);
        }
        if (isList(node)) {
            ColumnPlan item = items(node, itemOrigin(origin), definition, repetition);
            return list(node, origin, slotDefinition, definition, repetition, nullable, item);
        }
        if (isMap(node)) {
            return map(node, origin, slotDefinition, definition, repetition, nullable);
        }
        List<ColumnPlan> children = children(node, origin, slotDefinition, definition, repetition);
        Field field = field(node, origin, new LogicalType.Struct(), nullable, fields(children));
        return new ColumnPlan.Struct(field, slotDefinition, definition, repetition, children);
    }

    private List<ColumnPlan> children(
            SchemaNode node, @Nullable Field origin, int slotDefinition, int definition, int repetition) {
        if (node.children().isEmpty()) {
            throw file.unsupported("column '" + node.name() + "': a struct without fields");
        }
        List<ColumnPlan> children = new ArrayList<>();
        for (SchemaNode child : node.children()) {
            children.add(plan(child, childOrigin(origin, child.name()), slotDefinition, definition, repetition));
        }
        return children;
    }

    private static @Nullable Field childOrigin(@Nullable Field origin, String name) {
        if (origin == null || !(origin.type() instanceof LogicalType.Struct)) {
            return null;
        }
        return origin.children().stream().filter(child -> child.name().equals(name)).findFirst().orElse(null);
    }

    private ColumnPlan leaf(
            SchemaNode node, @Nullable Field origin, int slotDefinition, int definition, int repetition, boolean nullable) {
        LogicalType wanted = origin == null ? null : origin.type();
        LogicalType value = wanted instanceof LogicalType.Dictionary(LogicalType of, LogicalType.Int _) ? of : wanted;
        LeafType type = leafTypes.of(node, value);
        // As Arrow's readers do: dictionaries of strings come back, whatever their indices were, with int32
        boolean dictionary = wanted instanceof LogicalType.Dictionary && type.conversion() == LeafType.Conversion.BYTES;
        LogicalType seen = dictionary ? new LogicalType.Dictionary(type.value(), new LogicalType.Int(32, true)) : type.value();
        return new ColumnPlan.Leaf(
                field(node, origin, seen, nullable || seen instanceof LogicalType.Null, List.of()),
                slotDefinition, definition, repetition, type, node.column());
    }

    private static boolean isList(SchemaNode node) {
        boolean annotated = (node.element().getLogicalType() != null && node.element().getLogicalType().isSetLIST())
                || node.element().getConverted_type() == ConvertedType.LIST;
        return annotated && node.children().size() == 1 && node.children().getFirst().isRepeated();
    }

    private static boolean isMap(SchemaNode node) {
        ConvertedType converted = node.element().getConverted_type();
        boolean annotated = (node.element().getLogicalType() != null && node.element().getLogicalType().isSetMAP())
                || converted == ConvertedType.MAP || converted == ConvertedType.MAP_KEY_VALUE;
        return annotated && node.children().size() == 1 && node.children().getFirst().isRepeated()
                && node.children().getFirst().children().size() == 2;
    }

    /// The items of an annotated list.
    private ColumnPlan items(SchemaNode list, @Nullable Field origin, int definition, int repetition) {
        SchemaNode repeated = list.children().getFirst();
        boolean threeLevels = repeated.children().size() == 1
                && !repeated.name().equals("array")
                && !repeated.name().equals(list.name() + "_tuple");
        if (threeLevels) {
            return plan(repeated.children().getFirst(), origin, definition + 1, definition + 1, repetition + 1);
        }
        return body(repeated, origin, definition + 1, definition + 1, repetition + 1, false);
    }

    private static @Nullable Field itemOrigin(@Nullable Field origin) {
        if (origin == null) {
            return null;
        }
        return switch (origin.type()) {
            case LogicalType.FixedSizeList _ -> Columns.itemField(origin);
            case LogicalType.List _ -> origin.children().getFirst();
            default -> null;
        };
    }

    private ColumnPlan list(
            SchemaNode node,
            @Nullable Field origin,
            int slotDefinition,
            int definition,
            int repetition,
            boolean nullable,
            ColumnPlan item) {
        boolean ofStruct = item.field().type() instanceof LogicalType.Struct;
        Field field;
        if (origin != null && origin.type() instanceof LogicalType.FixedSizeList(LogicalType wanted, int dimension)
                && (wanted == null ? ofStruct : wanted.equals(item.field().type()))) {
            LogicalType type = new LogicalType.FixedSizeList(wanted, dimension);
            field = field(node, origin, type, nullable, ofStruct ? List.of(item.field()) : List.of());
        } else {
            boolean large = origin != null && origin.type() instanceof LogicalType.List l && l.large();
            field = field(node, origin, new LogicalType.List(large, ofStruct), nullable, List.of(item.field()));
        }
        return new ColumnPlan.Repeated(field, slotDefinition, definition, repetition, definition + 1, item);
    }

    private ColumnPlan map(
            SchemaNode node, @Nullable Field origin, int slotDefinition, int definition, int repetition, boolean nullable) {
        SchemaNode entries = node.children().getFirst();
        Field entryOrigin = origin != null && origin.type() instanceof LogicalType.Map ? origin.children().getFirst() : null;
        List<ColumnPlan> pair = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Field childOrigin = entryOrigin == null ? null : entryOrigin.children().get(i);
            ColumnPlan child = plan(entries.children().get(i), childOrigin, definition + 1, definition + 1, repetition + 1);
            pair.add(child);
        }
        Field entry = new Field(
                Field.UNASSIGNED,
                entryOrigin == null ? "entries" : entryOrigin.name(),
                new LogicalType.Struct(),
                false,
                fields(pair),
                Map.of());
        ColumnPlan item = new ColumnPlan.Struct(entry, definition + 1, definition + 1, repetition + 1, pair);
        Field field = field(node, origin, new LogicalType.Map(), nullable, List.of(entry));
        return new ColumnPlan.Repeated(field, slotDefinition, definition, repetition, definition + 1, item);
    }

    private static List<Field> fields(List<ColumnPlan> plans) {
        return plans.stream().map(ColumnPlan::field).toList();
    }

    /// The name is the writer's, which Parquet's lists do not keep.
    private static Field field(
            SchemaNode node, @Nullable Field origin, LogicalType type, boolean nullable, List<Field> children) {
        Map<String, String> metadata = Map.of();
        if (origin != null && !origin.metadata().isEmpty()) {
            Map<String, String> kept = new HashMap<>(origin.metadata());
            kept.remove(FIELD_ID);
            metadata = kept;
        }
        return new Field(Field.UNASSIGNED, origin == null ? node.name() : origin.name(), type, nullable, children, metadata);
    }
}
