// SPDX-License-Identifier: Apache-2.0
/// Filters: a typed tree ({@link dev.joust.search.expr.Expression}), the parser of the reference's dialect
/// ({@link dev.joust.search.expr.ExpressionParser}), and the evaluator over batches
/// ({@link dev.joust.search.expr.ExpressionEvaluator}). Spec: index format D.1.
@NullMarked
package dev.joust.search.expr;

import org.jspecify.annotations.NullMarked;
