// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import static dev.joust.format.internal.encoding.repdef.RepDefLayer.ALL_VALID_ITEM;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.ALL_VALID_LIST;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.EMPTYABLE_LIST;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.NULLABLE_ITEM;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.NULL_AND_EMPTY_LIST;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.LayerSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.io.ObjectPath;

/// The worked examples of the specification (file format 3.1), whose levels were taken from files of the reference, and
/// random nesting.
class RepDefUnravelerTest {
    private static final BufferSource MEMORY = new BufferSource() {
        @Override
        public MemorySegment allocate(long sizeBytes) {
            return Arena.ofAuto().allocate(Math.max(1, sizeBytes), 64).fill((byte) 0x55);
        }

        @Override
        public void close() {}
    };

    private final DecodeContext context = new DecodeContext(ObjectPath.of("levels"), MEMORY);

    private static @Nullable MemorySegment levels(int @Nullable ... values) {
        if (values == null) {
            return null;
        }
        MemorySegment segment = Arena.ofAuto().allocate(2L * values.length + 2);
        for (int i = 0; i < values.length; i++) {
            segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) values[i]);
        }
        return segment;
    }

    private LeafSink sink(Nesting nesting) {
        boolean[] all = new boolean[nesting.layers().size()];
        Arrays.fill(all, true);
        return new LeafSink(MEMORY, context, new ValueShape.None(), 0, nesting, all, 4);
    }

    private static Nesting nesting(List<RepDefLayer> layers) {
        List<Nesting.Layer> all = new ArrayList<>();
        for (RepDefLayer layer : layers) {
            all.add(layer.isList() ? new Nesting.Layer.ListOf(all.size() % 2 == 0 ? 8 : 4) : new Nesting.Layer.Item());
        }
        return new Nesting(all);
    }

    /// `101`: slot 1 is null.
    private static String validity(LeafSink sink, int layer) {
        LayerSink found = Objects.requireNonNull(sink.layer(layer));
        MemorySegment bits = found.validity().bitmap();
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < found.count(); i++) {
            text.append(bits == null || BitCopy.get(bits, i) ? '1' : '0');
        }
        return text.toString();
    }

    private static List<Long> offsets(LeafSink sink, int layer) {
        LayerSink found = Objects.requireNonNull(sink.layer(layer));
        boolean large = ((Nesting.Layer.ListOf) sink.nesting().layers().get(layer)).offsetBytes() == 8;
        MemorySegment offsets = Objects.requireNonNull(found.offsets()).finish();
        List<Long> all = new ArrayList<>();
        for (long at = 0; at < offsets.byteSize(); at += large ? 8 : 4) {
            all.add(large
                    ? offsets.get(ValueLayout.JAVA_LONG_UNALIGNED, at)
                    : (long) offsets.get(ValueLayout.JAVA_INT_UNALIGNED, at));
        }
        assertEquals(found.count() + 1, all.size());
        return all;
    }

    private LeafSink unravel(List<RepDefLayer> layers, int @Nullable [] repetition, int @Nullable [] definition, int count) {
        RepDefUnraveler unraveler = new RepDefUnraveler(context, new PageLevels(layers));
        LeafSink sink = sink(nesting(layers));
        unraveler.open(levels(repetition), levels(definition), count);
        unraveler.append(0, count, sink);
        return sink;
    }

    @Test
    void nullsOfNestedStructs() {
        LeafSink sink = unravel(
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, NULLABLE_ITEM), null, new int[] {0, 1, 2, 3}, 4);
        assertEquals("1000", validity(sink, 0));
        assertEquals("1100", validity(sink, 1));
        assertEquals("1110", validity(sink, 2));
    }

    /// `[1,2], null, [], [3]`
    @Test
    void nullAndEmptyLists() {
        LeafSink sink = unravel(
                List.of(ALL_VALID_ITEM, NULL_AND_EMPTY_LIST),
                new int[] {1, 0, 1, 1, 1},
                new int[] {0, 0, 1, 2, 0},
                5);
        assertEquals(List.of(0L, 2L, 2L, 2L, 3L), offsets(sink, 1));
        assertEquals("1011", validity(sink, 1));
        assertEquals("111", validity(sink, 0));
    }

    /// `{l:[7]}, null, {l:null}, {l:[]}, {l:[null,8]}`
    @Test
    void listsInStructs() {
        LeafSink sink = unravel(
                List.of(NULLABLE_ITEM, NULL_AND_EMPTY_LIST, NULLABLE_ITEM),
                new int[] {1, 1, 1, 1, 1, 0},
                new int[] {0, 4, 2, 3, 1, 0},
                6);
        assertEquals("101", validity(sink, 0));
        assertEquals(List.of(0L, 1L, 1L, 1L, 1L, 3L), offsets(sink, 1));
        assertEquals("10011", validity(sink, 1));
        assertEquals("10111", validity(sink, 2));
    }

    /// `[[1,2],[]], null, [], [null,[3]]`
    @Test
    void listsOfLists() {
        LeafSink sink = unravel(
                List.of(ALL_VALID_ITEM, NULL_AND_EMPTY_LIST, NULL_AND_EMPTY_LIST),
                new int[] {2, 0, 1, 2, 2, 2, 1},
                new int[] {0, 0, 2, 3, 4, 1, 0},
                7);
        assertEquals("111", validity(sink, 0));
        assertEquals(List.of(0L, 2L, 2L, 2L, 3L), offsets(sink, 1));
        assertEquals("1101", validity(sink, 1));
        assertEquals(List.of(0L, 2L, 2L, 2L, 4L), offsets(sink, 2));
        assertEquals("1011", validity(sink, 2));
    }

    /// `[{a:1},null], [{a:null}], []`
    @Test
    void listsOfStructs() {
        LeafSink sink = unravel(
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, EMPTYABLE_LIST),
                new int[] {1, 0, 1, 1},
                new int[] {0, 2, 1, 3},
                4);
        assertEquals("100", validity(sink, 0));
        assertEquals("101", validity(sink, 1));
        assertEquals(List.of(0L, 2L, 3L, 3L), offsets(sink, 2));
        assertEquals("111", validity(sink, 2));
    }

    /// `[{l:[5]}, null, {l:[6]}], [], [{l:[7]}]`, the inner list without states of its own
    @Test
    void nullStructAroundListWithoutStates() {
        LeafSink sink = unravel(
                List.of(ALL_VALID_ITEM, ALL_VALID_LIST, NULLABLE_ITEM, EMPTYABLE_LIST),
                new int[] {2, 1, 1, 2, 2},
                new int[] {0, 1, 0, 2, 0},
                5);
        assertEquals("111", validity(sink, 0));
        assertEquals("1011", validity(sink, 1));
        assertEquals(List.of(0L, 1L, 1L, 2L, 3L), offsets(sink, 1));
        assertEquals("1011", validity(sink, 2));
        assertEquals("111", validity(sink, 3));
        assertEquals(List.of(0L, 3L, 3L, 4L), offsets(sink, 3));
    }

    @Test
    void rowsAreFoundByTheirNumber() {
        int[] repetition = new int[300];
        List<Integer> starts = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < repetition.length; i++) {
            repetition[i] = random.nextInt(3) == 0 ? 1 : 0;
            if (repetition[i] == 1) {
                starts.add(i);
            }
        }
        RepDefUnraveler unraveler =
                new RepDefUnraveler(context, new PageLevels(List.of(ALL_VALID_ITEM, ALL_VALID_LIST)));
        unraveler.open(levels(repetition), null, repetition.length);
        assertEquals(starts.size(), unraveler.rowStartCount());
        for (int row = 0; row < starts.size(); row++) {
            assertEquals(starts.get(row), unraveler.rowStart(row));
        }
        for (int row = starts.size() - 1; row >= 0; row -= 3) {
            assertEquals(starts.get(row), unraveler.rowStart(row));
        }
        assertEquals(repetition.length, unraveler.rowStart(starts.size()));
    }

    private LeafSink unravel(Nesting nesting, List<RepDefLayer> layers, int[] repetition, int[] definition, int cut) {
        LeafSink sink = sink(nesting);
        for (int from = 0; from < repetition.length; from += cut) {
            int to = Math.min(repetition.length, from + cut);
            RepDefUnraveler unraveler = new RepDefUnraveler(context, new PageLevels(layers));
            unraveler.open(
                    levels(Arrays.copyOfRange(repetition, from, to)),
                    levels(Arrays.copyOfRange(definition, from, to)),
                    to - from);
            unraveler.append(0, to - from, sink);
        }
        return sink;
    }

    /// `[{l:[1,2]},{l:[3]}], null, [{l:null},null], [{l:[]},{l:[4,5,6]}]`, levels as the reference writes them.
    @Test
    void fixedSizeListsOfListsAreRowsOfThePageEach() {
        Nesting nesting = new Nesting(List.of(
                new Nesting.Layer.Item(), new Nesting.Layer.ListOf(4), new Nesting.Layer.Item(), new Nesting.Layer.FixedSizeList(2)));
        List<RepDefLayer> layers = List.of(ALL_VALID_ITEM, NULL_AND_EMPTY_LIST, NULLABLE_ITEM, NULLABLE_ITEM);
        for (int cut = 1; cut <= 11; cut++) {
            LeafSink sink = unravel(
                    nesting,
                    layers,
                    new int[] {1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0},
                    new int[] {0, 0, 0, 4, 4, 1, 3, 2, 0, 0, 0},
                    cut);
            assertEquals("111111", validity(sink, 0));
            assertEquals(List.of(0L, 2L, 3L, 3L, 3L, 3L, 3L, 3L, 6L), offsets(sink, 1));
            assertEquals("11000011", validity(sink, 1));
            assertEquals("11001011", validity(sink, 2));
            assertEquals("1011", validity(sink, 3));
        }
    }

    /// `[[{1},{2}]], [[{3},null],null,[{5},{6}]], [[{1},{2}]]`, levels as the reference writes them.
    @Test
    void listsOfFixedSizeListsAreThinned() {
        Nesting nesting = new Nesting(List.of(
                new Nesting.Layer.Item(), new Nesting.Layer.Item(), new Nesting.Layer.FixedSizeList(2), new Nesting.Layer.ListOf(4)));
        List<RepDefLayer> layers = List.of(NULLABLE_ITEM, NULLABLE_ITEM, NULLABLE_ITEM, ALL_VALID_LIST);
        for (int cut = 1; cut <= 10; cut++) {
            LeafSink sink = unravel(
                    nesting,
                    layers,
                    new int[] {1, 1, 1, 1, 0, 0, 0, 0, 1, 1},
                    new int[] {0, 0, 0, 2, 3, 3, 0, 0, 0, 0},
                    cut);
            assertEquals("1110001111", validity(sink, 0));
            assertEquals("1110001111", validity(sink, 1));
            assertEquals("11011", validity(sink, 2));
            assertEquals(List.of(0L, 1L, 4L, 5L), offsets(sink, 3));
            assertEquals("111", validity(sink, 3));
        }
    }

    @Test
    void levelsThatNoLayerHasAreDamage() {
        PageLevels levels = new PageLevels(List.of(NULLABLE_ITEM, ALL_VALID_LIST));
        RepDefUnraveler unraveler = new RepDefUnraveler(context, levels);
        assertThrows(CorruptFileException.class, () -> unraveler.open(levels(1, 2), levels(0, 0), 2));
        assertThrows(CorruptFileException.class, () -> unraveler.open(levels(1, 0), levels(0, 2), 2));
        assertThrows(CorruptFileException.class, () -> unraveler.open(levels(1, 0), levels(0, 0xFFFF), 2));
        assertThrows(CorruptFileException.class, () -> unraveler.open(null, levels(0, 0), 2));
        RepDefUnraveler plain = new RepDefUnraveler(context, new PageLevels(List.of(ALL_VALID_ITEM, ALL_VALID_ITEM)));
        assertThrows(CorruptFileException.class, () -> plain.open(null, levels(0, 1), 2));
    }

    /// Random layers, through the builder that writers use, and back in pieces of any size.
    @Test
    void randomNestingComesBack() {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        int lists = 0;
        for (int round = 0; round < 400; round++) {
            lists += checkRandom(random, "seed " + seed + ", round " + round);
        }
        assertTrue(lists > 100, "lists: " + lists);
    }

    private record Layer(boolean list, String validity, int[] offsets) {}

    private int checkRandom(Random random, String what) {
        List<Layer> layers = new ArrayList<>(); // outermost first
        int rows = random.nextInt(200);
        int slots = rows;
        String around = "1".repeat(rows);
        RepDefBuilder builder = new RepDefBuilder(rows);
        int depth = 1 + random.nextInt(5);
        List<Nesting.Layer> kinds = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            boolean list = i < depth - 1 && random.nextBoolean();
            double nulls = random.nextInt(3) * 0.3;
            StringBuilder validity = new StringBuilder();
            int[] offsets = new int[slots + 1];
            for (int slot = 0; slot < slots; slot++) {
                boolean valid = around.charAt(slot) == '1' && random.nextDouble() >= nulls;
                validity.append(valid ? '1' : '0');
                offsets[slot + 1] = offsets[slot] + (valid ? random.nextInt(4) * random.nextInt(2) : 0);
            }
            byte[] bits = bits(validity.toString());
            layers.add(new Layer(list, validity.toString(), offsets));
            if (list) {
                builder.addLists(bits, offsets);
                slots = offsets[slots];
                around = "1".repeat(slots);
                kinds.addFirst(new Nesting.Layer.ListOf(random.nextBoolean() ? 8 : 4));
            } else {
                builder.addItems(bits);
                around = validity.toString();
                kinds.addFirst(new Nesting.Layer.Item());
            }
        }
        Nesting nesting = new Nesting(kinds);
        RepDefLevels built = builder.build();
        RepDefUnraveler unraveler = new RepDefUnraveler(context, new PageLevels(built.layers()));
        LeafSink sink = sink(nesting);
        int count = built.levelCount();
        unraveler.open(levels(ints(built.repetition())), levels(ints(built.definition())), count);
        assertEquals(rows, unraveler.rowStartCount(), what);
        assertEquals(built.slotCount(), unraveler.visibleCount(0, count), what);
        for (int from = 0; from < count; ) {
            int to = Math.min(count, from + 1 + random.nextInt(100));
            unraveler.append(from, to, sink);
            from = to;
        }
        int lists = 0;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(layers.size() - 1 - i);
            assertEquals(layer.validity(), validity(sink, i), what + ", layer " + i);
            if (layer.list()) {
                lists++;
                assertArrayEquals(
                        layer.offsets(),
                        offsets(sink, i).stream().mapToInt(Long::intValue).toArray(),
                        what + ", layer " + i);
            }
        }
        return lists;
    }

    private static byte[] bits(String slots) {
        byte[] bits = new byte[slots.length() / 8 + 1];
        for (int i = 0; i < slots.length(); i++) {
            bits[i / 8] |= (byte) ((slots.charAt(i) - '0') << i % 8);
        }
        return bits;
    }

    private static int @Nullable [] ints(short @Nullable [] levels) {
        if (levels == null) {
            return null;
        }
        int[] ints = new int[levels.length];
        for (int i = 0; i < levels.length; i++) {
            ints[i] = levels[i];
        }
        return ints;
    }
}
