// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// Turns Arrow's validity bitmaps and list offsets into repetition and definition levels
/// (spec: file format 3.1). Layers are added from the column's root to its leaf; each has one slot per child slot of
/// the layer before. Which states a layer may have (null, empty) is told by the data.
///
/// Lists that are null, or that lie in a null struct, must be empty: their items have no entries.
public final class RepDefBuilder {
    @SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
    private sealed interface Layer {
        record Items(byte @Nullable [] validity) implements Layer {}

        record Lists(byte @Nullable [] validity, int[] offsets) implements Layer {}

        record FixedSizeLists(byte @Nullable [] validity, int dimension, boolean requiredBelow) implements Layer {}
    }

    private final int rowCount;
    private final List<Layer> layers = new ArrayList<>();
    private boolean outerNullable;
    private boolean leafHides;

    /// @param rowCount slots of the first layer
    public RepDefBuilder(int rowCount) {
        this.rowCount = rowCount;
    }

    /// A struct or the leaf.
    ///
    /// @param validity bit per slot, 1 = valid; null if all are
    public RepDefBuilder addItems(byte @Nullable [] validity) {
        layers.add(new Layer.Items(validity));
        return this;
    }

    /// Lists, or a map.
    ///
    /// @param offsets one more than there are slots; slot i holds items `[offsets[i], offsets[i + 1])`
    public RepDefBuilder addLists(byte @Nullable [] validity, int[] offsets) {
        layers.add(new Layer.Lists(validity, offsets));
        return this;
    }

    /// Fixed-size lists of structs: each slot has `dimension` slots in the layer below.
    ///
    /// @param requiredBelow a field of the structs is declared without nulls
    public RepDefBuilder addFixedSizeLists(byte @Nullable [] validity, int dimension, boolean requiredBelow) {
        layers.add(new Layer.FixedSizeLists(validity, dimension, requiredBelow));
        return this;
    }

    /// Gives every layer above the leaf a null level, whether it is used or not.
    public RepDefBuilder withOuterNullable() {
        outerNullable = true;
        return this;
    }

    /// The leaf is a struct of fields that hold no nulls: where a struct above it is null, its fields are so to the
    /// reference, and the leaf needs a null level to hide them.
    public RepDefBuilder withHidingLeaf() {
        leafHides = true;
        return this;
    }

    public RepDefLevels build() {
        if (layers.size() == 1 && layers.getFirst() instanceof Layer.Items(byte[] validity)) {
            return flat(validity);
        }
        return new Walk().run();
    }

    private RepDefLevels flat(byte @Nullable [] validity) {
        if (validity == null) {
            return new RepDefLevels(null, null, rowCount, rowCount, 0, 0, List.of(RepDefLayer.ALL_VALID_ITEM));
        }
        short[] definition = new short[rowCount];
        for (int start = 0; start < rowCount; start += 8) {
            int nulls = ~validity[start >>> 3] & 0xFF;
            for (int row = start; nulls != 0 && row < rowCount; row++, nulls >>>= 1) {
                definition[row] = (short) (nulls & 1);
            }
        }
        return new RepDefLevels(null, definition, rowCount, rowCount, 0, 1, List.of(RepDefLayer.NULLABLE_ITEM));
    }

    /// The entries while the layers are applied, root first.
    private final class Walk {
        private int entryCount = rowCount;
        private short[] repetition = new short[rowCount];

        /// 0 while everything is valid, else `2 * layer + 1` (null there) or `2 * layer + 2` (empty there).
        private int[] cause = new int[rowCount];

        /// Whether the entry has a slot in the layer being applied.
        private boolean[] hasSlot = new boolean[rowCount];

        private final boolean[] sawNull = new boolean[layers.size()];
        private final boolean[] sawEmpty = new boolean[layers.size()];

        RepDefLevels run() {
            Arrays.fill(sawNull, 0, layers.size() - 1, outerNullable);
            int maxRepetition = (int) layers.stream().filter(Layer.Lists.class::isInstance).count();
            Arrays.fill(repetition, (short) maxRepetition);
            Arrays.fill(hasSlot, true);
            int listsLeft = maxRepetition;
            for (int layer = 0; layer < layers.size(); layer++) {
                switch (layers.get(layer)) {
                    case Layer.Items(byte[] validity) -> {
                        applyValidity(layer, validity);
                        // What is in a null struct is null: filters of the reference look at a field without the structs
                        // around it, and would find whatever value lies there
                        if (layer > 0 && layers.get(layer - 1) instanceof Layer.Items) {
                            sawNull[layer] |= sawNull[layer - 1];
                        }
                    }
                    case Layer.Lists(byte[] validity, int[] offsets) ->
                        expandLists(layer, validity, offsets, --listsLeft);
                    case Layer.FixedSizeLists(byte[] validity, int dimension, boolean requiredBelow) -> {
                        applyValidity(layer, validity);
                        // What is in a null list is null to the reference, also where it is declared without nulls:
                        // the struct must hide it
                        sawNull[layer + 1] |= requiredBelow && sawNull[layer];
                        repeat(dimension);
                    }
                }
            }
            int leaf = layers.size() - 1;
            for (int layer = 0; leafHides && layer < leaf; layer++) {
                sawNull[leaf] |= sawNull[layer] && !(layers.get(layer) instanceof Layer.Lists);
            }
            return levels(maxRepetition);
        }

        private static boolean isValid(byte @Nullable [] validity, int slot) {
            return validity == null || (validity[slot >>> 3] >> (slot & 7) & 1) != 0;
        }

        private void applyValidity(int layer, byte @Nullable [] validity) {
            if (validity == null) {
                return;
            }
            int slot = 0;
            for (int entry = 0; entry < entryCount; entry++) {
                if (hasSlot[entry]) {
                    if (cause[entry] == 0 && !isValid(validity, slot)) {
                        cause[entry] = 2 * layer + 1;
                        sawNull[layer] = true;
                    }
                    slot++;
                }
            }
        }

        private void expandLists(int layer, byte @Nullable [] validity, int[] offsets, int innerRepetition) {
            int slotCount = 0;
            for (int entry = 0; entry < entryCount; entry++) {
                slotCount += hasSlot[entry] ? 1 : 0;
            }
            int capacity = entryCount + offsets[slotCount] - offsets[0];
            short[] newRepetition = new short[capacity];
            int[] newCause = new int[capacity];
            boolean[] newHasSlot = new boolean[capacity];
            int target = 0;
            int slot = 0;
            for (int entry = 0; entry < entryCount; entry++) {
                newRepetition[target] = repetition[entry];
                newCause[target] = cause[entry];
                if (!hasSlot[entry]) {
                    target++;
                    continue;
                }
                int length = offsets[slot + 1] - offsets[slot];
                // The reference does not see null structs through a list layer that has no nulls of its own
                sawNull[layer] |= cause[entry] != 0;
                if (cause[entry] == 0 && !isValid(validity, slot)) {
                    newCause[target] = 2 * layer + 1;
                    sawNull[layer] = true;
                }
                if (newCause[target] == 0 && length == 0) {
                    newCause[target] = 2 * layer + 2;
                    sawEmpty[layer] = true;
                }
                if (newCause[target] != 0) {
                    if (length != 0) {
                        throw new IllegalArgumentException("a null list with " + length + " items");
                    }
                    target++;
                } else {
                    Arrays.fill(newRepetition, target + 1, target + length, (short) innerRepetition);
                    Arrays.fill(newHasSlot, target, target + length, true);
                    target += length;
                }
                slot++;
            }
            repetition = newRepetition;
            cause = newCause;
            hasSlot = newHasSlot;
            entryCount = target;
        }

        private void repeat(int dimension) {
            int capacity = Math.multiplyExact(entryCount, dimension);
            short[] newRepetition = new short[capacity];
            int[] newCause = new int[capacity];
            boolean[] newHasSlot = new boolean[capacity];
            for (int entry = 0; entry < entryCount; entry++) {
                int from = entry * dimension;
                Arrays.fill(newRepetition, from, from + dimension, repetition[entry]);
                Arrays.fill(newCause, from, from + dimension, cause[entry]);
                Arrays.fill(newHasSlot, from, from + dimension, hasSlot[entry]);
            }
            repetition = newRepetition;
            cause = newCause;
            hasSlot = newHasSlot;
            entryCount = capacity;
        }

        /// Numbers the states that occur, leaf first, and replaces causes by numbers.
        private RepDefLevels levels(int maxRepetition) {
            List<RepDefLayer> kinds = new ArrayList<>();
            short[] levelOfCause = new short[2 * layers.size() + 1];
            short level = 0;
            int maxVisible = -1;
            for (int layer = layers.size() - 1; layer >= 0; layer--) {
                boolean isList = layers.get(layer) instanceof Layer.Lists;
                if (isList && maxVisible < 0) {
                    maxVisible = level;
                }
                if (sawNull[layer]) {
                    levelOfCause[2 * layer + 1] = ++level;
                }
                if (sawEmpty[layer]) {
                    levelOfCause[2 * layer + 2] = ++level;
                }
                kinds.add(kind(isList, sawNull[layer], sawEmpty[layer]));
            }
            short[] definition = level == 0 ? null : new short[entryCount];
            int slotCount = 0;
            for (int entry = 0; entry < entryCount; entry++) {
                slotCount += hasSlot[entry] ? 1 : 0;
                if (definition != null) {
                    definition[entry] = levelOfCause[cause[entry]];
                }
            }
            return new RepDefLevels(
                    maxRepetition == 0 ? null : Arrays.copyOf(repetition, entryCount), definition, entryCount, slotCount,
                    maxRepetition, maxVisible < 0 ? level : maxVisible, kinds);
        }

        private static RepDefLayer kind(boolean isList, boolean sawNull, boolean sawEmpty) {
            if (!isList) {
                return sawNull ? RepDefLayer.NULLABLE_ITEM : RepDefLayer.ALL_VALID_ITEM;
            }
            if (sawNull) {
                return sawEmpty ? RepDefLayer.NULL_AND_EMPTY_LIST : RepDefLayer.NULLABLE_LIST;
            }
            return sawEmpty ? RepDefLayer.EMPTYABLE_LIST : RepDefLayer.ALL_VALID_LIST;
        }
    }
}
