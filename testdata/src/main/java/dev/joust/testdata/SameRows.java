// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/// Whether rows of two columns of one type are the same, bit for bit. What lies below a null does not count, in structs
/// too, where {@link RangeEqualsVisitor} looks at it.
public final class SameRows {
    private final FieldVector left;
    private final FieldVector right;
    private final boolean hasStructs;

    public SameRows(FieldVector left, FieldVector right) {
        this.left = left;
        this.right = right;
        hasStructs = hasStructs(left.getField());
    }

    private static boolean hasStructs(Field field) {
        return field.getType() instanceof ArrowType.Struct
                || field.getChildren().stream().anyMatch(SameRows::hasStructs);
    }

    public boolean same(int leftRow, int rightRow) {
        return hasStructs ? same(left, leftRow, right, rightRow) : flat(left, leftRow, right, rightRow);
    }

    private static boolean flat(FieldVector left, int leftRow, FieldVector right, int rightRow) {
        return new RangeEqualsVisitor(left, right, (_, _) -> true).rangeEquals(new Range(leftRow, rightRow, 1));
    }

    private static boolean same(FieldVector left, int leftRow, FieldVector right, int rightRow) {
        if (left.isNull(leftRow) || right.isNull(rightRow)) {
            return left.isNull(leftRow) && right.isNull(rightRow);
        }
        return switch (left) {
            case StructVector struct -> {
                boolean same = true;
                for (FieldVector child : struct.getChildrenFromFields()) {
                    FieldVector other = ((StructVector) right).getChild(child.getName());
                    same &= same(child, leftRow, other, rightRow);
                }
                yield same;
            }
            case ListVector list -> {
                ListVector other = (ListVector) right;
                yield items(
                        list.getDataVector(),
                        list.getElementStartIndex(leftRow),
                        list.getElementEndIndex(leftRow),
                        other.getDataVector(),
                        other.getElementStartIndex(rightRow),
                        other.getElementEndIndex(rightRow));
            }
            case LargeListVector list -> {
                LargeListVector other = (LargeListVector) right;
                yield items(
                        list.getDataVector(),
                        list.getElementStartIndex(leftRow),
                        list.getElementEndIndex(leftRow),
                        other.getDataVector(),
                        other.getElementStartIndex(rightRow),
                        other.getElementEndIndex(rightRow));
            }
            default -> flat(left, leftRow, right, rightRow);
        };
    }

    private static boolean items(
            FieldVector left, long leftStart, long leftEnd, FieldVector right, long rightStart, long rightEnd) {
        boolean same = leftEnd - leftStart == rightEnd - rightStart;
        for (int i = 0; same && i < leftEnd - leftStart; i++) {
            same = same(left, (int) leftStart + i, right, (int) rightStart + i);
        }
        return same;
    }
}
