// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.Expression;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;

/// A condition on rows of a merge's source and the rows of the table that they match: `source.x > target.x`.
final class MergeCondition {
    private static final String SOURCE = "source";
    private static final String TARGET = "target";
    private static final int PAIRS_AT_ONCE = 8192;

    private final MergeSource source;
    private final Dataset current;
    private final BufferSources memory;
    private final ExpressionEvaluator condition;
    private final List<String> sourceColumns;
    private final List<String> targetColumns;

    /// @throws dev.joust.search.expr.FilterException if it is no condition on these columns
    MergeCondition(String text, Dialect dialect, MergeSource source, Dataset current, BufferSources memory) {
        this.source = source;
        this.current = current;
        this.memory = memory;
        Schema schema = new Schema(
                List.of(struct(SOURCE, source.schema().fields()), struct(TARGET, current.schema().fields())), Map.of());
        Expression parsed = ExpressionParser.parseFilter(text, schema, dialect, List.of());
        this.condition = new ExpressionEvaluator(parsed);
        Set<List<String>> paths = new LinkedHashSet<>();
        parsed.collectPaths(paths);
        this.sourceColumns = columns(SOURCE, source.names(), paths);
        this.targetColumns =
                columns(TARGET, current.schema().fields().stream().map(Field::name).toList(), paths);
    }

    private static Field struct(String name, List<Field> children) {
        return Field.required(name, new LogicalType.Struct()).withChildren(children);
    }

    /// Of one side, those that are read; all where the side itself is named.
    private static List<String> columns(String side, List<String> all, Set<List<String>> paths) {
        Set<String> names = new LinkedHashSet<>();
        for (List<String> path : paths) {
            if (path.getFirst().equals(side)) {
                names.addAll(path.size() == 1 ? all : List.of(path.get(1)));
            }
        }
        return List.copyOf(names);
    }

    /// Which pairs pass; they are sorted.
    BitSet passing(MergeMatches matches) throws IOException {
        BitSet passing = new BitSet(matches.count());
        source.each((firstRow, batch) -> {
            int end = matches.firstFrom(firstRow + batch.rowCount());
            for (int pair = matches.firstFrom(firstRow); pair < end; pair += PAIRS_AT_ONCE) {
                int count = Math.min(PAIRS_AT_ONCE, end - pair);
                BitSet some = passing(batch, firstRow, matches, pair, count);
                for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
                    passing.set(pair + i);
                }
            }
        });
        return passing;
    }

    private BitSet passing(Batch batch, int firstRow, MergeMatches matches, int pair, int count) throws IOException {
        int[] rows = new int[count];
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            rows[i] = matches.row(pair + i) - firstRow;
            addresses[i] = matches.address(pair + i);
        }
        try (Batch ours = MergedRows.taken(batch, sourceColumns, rows, memory);
                Batch theirs = targetColumns.isEmpty()
                        ? new Batch(new Schema(List.of(), Map.of()), count, List.of(), memory.open())
                        : current.take(addresses, targetColumns);
                Batch both = new Batch(
                        new Schema(List.of(struct(SOURCE, ours), struct(TARGET, theirs)), Map.of()),
                        count,
                        List.of(column(SOURCE, ours), column(TARGET, theirs)),
                        memory.open())) {
            return condition.select(both);
        }
    }

    private static Field struct(String name, Batch rows) {
        return struct(name, rows.schema().fields());
    }

    private static ColumnBuffers column(String name, Batch rows) {
        return new ColumnBuffers(
                struct(name, rows), rows.rowCount(), 0, null, null, null, new ArrayList<>(rows.columns()));
    }
}
