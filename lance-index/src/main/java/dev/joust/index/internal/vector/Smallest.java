// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

/// Finds the k-th smallest without sorting.
public final class Smallest {
    private Smallest() {}

    /// The value that would be at `place`, counted from 0, if the first `count` values were sorted. Changes their order.
    public static int at(int place, int[] values, int count) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int pivot = values[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int value = values[i];
                    values[i++] = values[j];
                    values[j--] = value;
                }
            }
            if (place <= j) {
                high = j;
            } else if (place >= i) {
                low = i;
            } else {
                break;
            }
        }
        return values[place];
    }

    /// A number that orders as the float does, NaN last.
    public static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    /// The way back from {@link #sortable}.
    public static float fromSortable(int sortable) {
        return Float.intBitsToFloat(sortable ^ (sortable >> 31 & Integer.MAX_VALUE));
    }
}
