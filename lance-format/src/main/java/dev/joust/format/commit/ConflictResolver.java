// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.commit.Operation.Kind;

/// Which changes go together (spec: table format 3.4): ours, not committed yet, against one that was committed since
/// the version ours was made from. Where the rules leave a choice it says "do it again" rather than "fine".
public final class ConflictResolver {
    /// Rows: ours; columns: the other's, already committed. `ok` compatible, `R` retryable, `X` incompatible, letters:
    /// {@link ConflictRules}, the strictest of several.
    private static final String MATRIX =
            """
            OURS              APPEND DELETE OVERWRITE CREATE_INDEX REWRITE MERGE RESTORE RESERVE UPDATE PROJECT CONFIG REPLACEMENT OVERLAY MEM_WAL CLONE BASES
            APPEND            ok     ok     X         ok           ok      ok    X       ok      ok     ok      ok     ok          ok      X       ok    ok
            DELETE            ok     a      X         ok           f       R     X       ok      a      ok      ok     f           ok      X       ok    ok
            UPDATE            k      a      X         ok           f       R     X       ok      a,k    p       ok     f           o       X       ok    ok
            OVERWRITE         ok     ok     c         ok           ok      ok    ok      ok      ok     ok      d      ok          ok      X       ok    ok
            CREATE_INDEX      ok     ok     X         i            j       m     X       ok      ok     ok      ok     q           ok      X       ok    ok
            REWRITE           ok     f      X         g            f       R     X       ok      f      ok      ok     f           f       ok      ok    ok
            MERGE             R      R      X         m            R       R     X       ok      R      X       ok     R           R       X       ok    ok
            RESTORE           ok     ok     ok        ok           ok      ok    ok      ok      ok     ok      ok     ok          ok      X       ok    ok
            RESERVE           ok     ok     X         ok           ok      ok    X       ok      ok     ok      ok     ok          ok      ok      ok    ok
            PROJECT           ok     ok     X         ok           ok      R     X       ok      ok     R       ok     ok          ok      X       ok    ok
            CONFIG            ok     ok     d         ok           ok      ok    ok      ok      ok     ok      h      ok          ok      ok      ok    ok
            REPLACEMENT       ok     r      X         q            f       R     X       ok      t      u       ok     v           ok      X       ok    ok
            BASES             ok     ok     ok        ok           ok      ok    ok      ok      ok     ok      ok     ok          ok      ok      ok    w
            """;

    private static final Map<Kind, Map<Kind, List<String>>> RULES = parse();

    private ConflictResolver() {}

    private static Map<Kind, Map<Kind, List<String>>> parse() {
        List<String> lines = MATRIX.lines().toList();
        List<String> columns = List.of(lines.getFirst().split(" +"));
        Map<Kind, Map<Kind, List<String>>> rules = new EnumMap<>(Kind.class);
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.split(" +"));
            Map<Kind, List<String>> row = new EnumMap<>(Kind.class);
            for (int i = 1; i < columns.size(); i++) {
                row.put(Kind.valueOf(columns.get(i)), List.of(cells.get(i).split(",")));
            }
            rules.put(Kind.valueOf(cells.getFirst()), row);
        }
        return rules;
    }

    /// What becomes of `ours` now that `theirs` is there.
    public static Verdict check(Proposal ours, Transaction theirs) {
        Operation our = ours.transaction().operation();
        Operation their = theirs.operation();
        Map<Kind, List<String>> row = RULES.get(our.kind());
        List<String> cell = row == null ? null : row.get(their.kind());
        if (cell == null) {
            return new Verdict.Incompatible("an operation that can't go on top of others, or that is not known here");
        }
        Verdict verdict = checkBefore(our, their);
        for (String rule : cell) {
            verdict = strictest(verdict, ConflictRules.apply(rule, ours, their));
        }
        return verdict;
    }

    /// Rules that hold in both directions, before the matrix.
    private static Verdict checkBefore(Operation our, Operation their) {
        if ((tightensNullability(our) && writesValues(their)) || (tightensNullability(their) && writesValues(our))) {
            return new Verdict.Retryable("one makes a column non-nullable, the other writes values");
        }
        if ((our.kind() == Kind.MERGE && touchesSchemaMetadata(their))
                || (their.kind() == Kind.MERGE && touchesSchemaMetadata(our))) {
            return new Verdict.Retryable("one changes columns, the other their metadata");
        }
        if ((our.kind() == Kind.RESTORE && touchesSchemaMetadata(their))
                || (their.kind() == Kind.RESTORE && touchesSchemaMetadata(our))) {
            return new Verdict.Incompatible("one restores a version, the other changes metadata of its schema");
        }
        return Verdict.COMPATIBLE;
    }

    private static boolean tightensNullability(Operation operation) {
        return (operation instanceof Operation.Project project && !project.preservesNullability())
                || (operation instanceof Operation.Merge merge && !merge.preservesNullability());
    }

    private static boolean writesValues(Operation operation) {
        return switch (operation.kind()) {
            case APPEND, UPDATE, REPLACEMENT, OVERLAY -> true;
            case DELETE,
                    OVERWRITE,
                    CREATE_INDEX,
                    REWRITE,
                    MERGE,
                    RESTORE,
                    RESERVE,
                    PROJECT,
                    CONFIG,
                    MEM_WAL,
                    CLONE,
                    BASES,
                    UNKNOWN -> false;
        };
    }

    static boolean touchesSchemaMetadata(Operation operation) {
        return operation instanceof Operation.UpdateConfig config
                && (config.schemaMetadata() != null
                        || !config.fieldMetadata().isEmpty()
                        || !config.unmodelled().isEmpty());
    }

    private static Verdict strictest(Verdict one, Verdict other) {
        return strictness(other) > strictness(one) ? other : one;
    }

    private static int strictness(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Compatible _ -> 0;
            case Verdict.Rebasable _ -> 1;
            case Verdict.Retryable _ -> 2;
            case Verdict.Incompatible _ -> 3;
        };
    }
}
