// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import static dev.joust.format.internal.encoding.repdef.RepDefLayer.ALL_VALID_ITEM;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.ALL_VALID_LIST;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.EMPTYABLE_LIST;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.NULLABLE_ITEM;
import static dev.joust.format.internal.encoding.repdef.RepDefLayer.NULL_AND_EMPTY_LIST;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The worked examples of the specification (file format 3.1), whose levels were taken from files of the reference.
class RepDefBuilderTest {
    /// `bits("101")`: slot 1 is null.
    private static byte[] bits(String slots) {
        byte[] bits = new byte[slots.length() / 8 + 1];
        for (int i = 0; i < slots.length(); i++) {
            bits[i / 8] |= (byte) ((slots.charAt(i) - '0') << i % 8);
        }
        return bits;
    }

    private static void check(
            RepDefLevels levels, List<RepDefLayer> layers, short @Nullable [] repetition, short @Nullable [] definition,
            int slotCount, int maxVisible) {
        assertEquals(layers, levels.layers());
        assertArrayEquals(repetition, levels.repetition());
        assertArrayEquals(definition, levels.definition());
        assertEquals(slotCount, levels.slotCount());
        assertEquals(maxVisible, levels.maxVisible());
    }

    private static short[] shorts(int... values) {
        short[] shorts = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            shorts[i] = (short) values[i];
        }
        return shorts;
    }

    @Test
    void nullableIntegers() {
        check(new RepDefBuilder(3).addItems(bits("101")).build(),
                List.of(NULLABLE_ITEM), null, shorts(0, 1, 0), 3, 1);
    }

    @Test
    void integersWithoutNullsHaveNoLevels() {
        RepDefLevels levels = new RepDefBuilder(3).addItems(null).build();
        assertEquals(List.of(ALL_VALID_ITEM), levels.layers());
        assertNull(levels.definition());
        assertNull(levels.repetition());
    }

    /// `{s:{a:1}}, {s:{a:null}}, {s:null}, null`
    @Test
    void nullsInNestedStructsKeepTheirSlots() {
        check(new RepDefBuilder(4)
                        .addItems(bits("1110")).addItems(bits("1100")).addItems(bits("1000")).build(),
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, NULLABLE_ITEM), null, shorts(0, 1, 2, 3), 4, 3);
    }

    /// `[1,2], null, [], [3]`
    @Test
    void nullAndEmptyLists() {
        check(new RepDefBuilder(4)
                        .addLists(bits("1011"), new int[] {0, 2, 2, 2, 3}).addItems(null).build(),
                List.of(ALL_VALID_ITEM, NULL_AND_EMPTY_LIST), shorts(1, 0, 1, 1, 1), shorts(0, 0, 1, 2, 0), 3, 0);
    }

    /// `[1,null], null, [], [3]`
    @Test
    void nullItemsInLists() {
        check(new RepDefBuilder(4)
                        .addLists(bits("1011"), new int[] {0, 2, 2, 2, 3}).addItems(bits("101")).build(),
                List.of(NULLABLE_ITEM, NULL_AND_EMPTY_LIST), shorts(1, 0, 1, 1, 1), shorts(0, 1, 2, 3, 0), 3, 1);
    }

    /// `{l:[7]}, null, {l:null}, {l:[]}, {l:[null,8]}`
    @Test
    void listsInStructs() {
        check(new RepDefBuilder(5)
                        .addItems(bits("10111"))
                        .addLists(bits("10011"), new int[] {0, 1, 1, 1, 1, 3})
                        .addItems(bits("101"))
                        .build(),
                List.of(NULLABLE_ITEM, NULL_AND_EMPTY_LIST, NULLABLE_ITEM),
                shorts(1, 1, 1, 1, 1, 0), shorts(0, 4, 2, 3, 1, 0), 3, 1);
    }

    /// `[[1,2],[]], null, [], [null,[3]]`
    @Test
    void listsInLists() {
        check(new RepDefBuilder(4)
                        .addLists(bits("1011"), new int[] {0, 2, 2, 2, 4})
                        .addLists(bits("1101"), new int[] {0, 2, 2, 2, 3})
                        .addItems(null)
                        .build(),
                List.of(ALL_VALID_ITEM, NULL_AND_EMPTY_LIST, NULL_AND_EMPTY_LIST),
                shorts(2, 0, 1, 2, 2, 2, 1), shorts(0, 0, 2, 3, 4, 1, 0), 3, 0);
    }

    /// `[{a:1},null], [{a:null}], []`
    @Test
    void structsInLists() {
        check(new RepDefBuilder(3)
                        .addLists(null, new int[] {0, 2, 3, 3})
                        .addItems(bits("101"))
                        .addItems(bits("100"))
                        .build(),
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, EMPTYABLE_LIST),
                shorts(1, 0, 1, 1), shorts(0, 2, 1, 3), 3, 2);
    }

    /// `[[], [5]]`
    @Test
    void emptyInnerListsOnly() {
        check(new RepDefBuilder(1)
                        .addLists(null, new int[] {0, 2})
                        .addLists(null, new int[] {0, 0, 1})
                        .addItems(null)
                        .build(),
                List.of(ALL_VALID_ITEM, EMPTYABLE_LIST, ALL_VALID_LIST), shorts(2, 1), shorts(1, 0), 1, 0);
    }

    @Test
    void fixedSizeListsOfStructsRepeatTheirNulls() {
        check(new RepDefBuilder(2)
                        .addFixedSizeLists(bits("10"), 2, false)
                        .addItems(null)
                        .addItems(bits("1011"))
                        .build(),
                List.of(NULLABLE_ITEM, ALL_VALID_ITEM, NULLABLE_ITEM), null, shorts(0, 1, 2, 2), 4, 2);
    }

    @Test
    void structsOfNullFixedSizeListsAreNullableWhereAFieldIsRequired() {
        check(new RepDefBuilder(2)
                        .addFixedSizeLists(bits("10"), 2, true)
                        .addItems(null)
                        .addItems(bits("1011"))
                        .build(),
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, NULLABLE_ITEM), null, shorts(0, 1, 3, 3), 4, 3);
    }

    @Test
    void itemsOfNullListAreRefused() {
        var builder = new RepDefBuilder(1).addLists(bits("0"), new int[] {0, 2}).addItems(null);
        assertThrows(IllegalArgumentException.class, builder::build);
    }

    /// The reference needs to see that the list may be null, though it is the struct that is.
    @Test
    void listBelowNullStructIsNullable() {
        check(new RepDefBuilder(2)
                        .addItems(bits("10"))
                        .addLists(null, new int[] {0, 1, 1})
                        .addItems(null)
                        .build(),
                List.of(ALL_VALID_ITEM, RepDefLayer.NULLABLE_LIST, NULLABLE_ITEM),
                shorts(1, 1), shorts(0, 2), 1, 0);
    }

    /// Else the reference finds nulls in fields without nulls that no struct hides, and its filters find values of a leaf
    /// that is null with its struct.
    @Test
    void whatIsBelowANullStructIsNullable() {
        check(new RepDefBuilder(3)
                        .addItems(bits("101")).addItems(null).addItems(null).build(),
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, NULLABLE_ITEM), null, shorts(0, 3, 0), 3, 3);
    }

    @Test
    void layersAboveTheLeafAreNullableWhereAskedFor() {
        check(new RepDefBuilder(1)
                        .addLists(null, new int[] {0, 2})
                        .addItems(null)
                        .addItems(null)
                        .withOuterNullable()
                        .build(),
                List.of(NULLABLE_ITEM, NULLABLE_ITEM, RepDefLayer.NULLABLE_LIST),
                shorts(1, 0), shorts(0, 0), 2, 2);
    }
}
