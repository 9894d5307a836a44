// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// On a component of a record: what column it is, where its Java type does not say. For tables made of such records, for
/// rows that are added, and for rows that are read.
///
/// ```java
/// record Photo(
///         String id,
///         @Column(name = "taken_at", type = "timestamp:ms:UTC") Instant takenAt,
///         @Column(type = "decimal:128:10:2", nullable = false) BigDecimal price,
///         @Column(dimension = 512) float[] vector) {}
/// ```
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Column {
    /// The column's name; the component's where it is empty.
    String name() default "";

    /// The column's type, in the words of the format: `int64`, `halffloat`, `large_string`, `timestamp:ms:UTC`,
    /// `decimal:128:10:2`, `fixed_size_list:halffloat:768`, `dict:string:int32:false`. Not for lists, structs and maps.
    String type() default "";

    /// Items of each vector, where there may be no row to tell.
    int dimension() default 0;

    /// Whether the column takes nulls.
    boolean nullable() default true;

    /// Metadata of the field: key, value, key, value.
    String[] metadata() default {};
}
