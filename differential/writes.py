# SPDX-License-Identifier: Apache-2.0
"""Tables that Joust writes for cells of the plan: the reference reads them, compares, and goes on with them."""

import itertools
import re
import shutil

import lance
import numpy as np
import pyarrow as pa

from compare import same_column
from joust import JoustFailed
from loop import CRASHED, Died, Hung
from tables import first_line, table_of, unsliced
from ways import alike, parts

# what came of a column
SAME = "same"
BOTH_REFUSE = "refused by both"
AS_ITS_OWN = "read like its own"  # what the reference reads is not what was written, or nothing: the same as of a file of its own
REFUSED = "refused by Joust"
DIFFERENT = "different"
OUTCOMES = [SAME, BOTH_REFUSE, AS_ITS_OWN, REFUSED, DIFFERENT]

# how the rows come: at once; in batches cut at random, into small pages; into several files; in two appends; appended to what the reference wrote
LAYOUTS = ["page", "pages", "files", "appended", "onto"]

NUMBER = "_number"
GONE = f"{NUMBER} % 7 = 3 or ({NUMBER} > 30 and {NUMBER} < 90)"
_numbers = itertools.count()


def kept(numbers):
    """Which rows are left after a delete of `GONE`."""
    return (numbers % 7 != 3) & ((numbers <= 30) | (numbers >= 90))


def refusal_of(error):
    """Why Joust refused, or None: it failed in another way."""
    if not isinstance(error, JoustFailed) or error.code == CRASHED:
        return None
    text = error.errors.strip()
    thrown = re.search(r"(UnsupportedFormatException|IllegalArgumentException|UsageException)", text)
    return text.splitlines()[0][:240] if text and (thrown or error.code == 2) else None


def fields_of(dataset):
    """Names, ids, types, nullability and metadata of all fields, as the table has them."""
    def walk(field):
        own = re.match(r'Field \{ name: .*?logical_type: LogicalType\("(.*?)"\)', repr(field), re.DOTALL)
        nullable = re.search(r"nullable: (\w+)", repr(field))
        yield field.name(), field.id(), own and own.group(1), nullable and nullable.group(1), dict(field.metadata or {})
        for child in field.children():
            yield from walk(child)
    return [each for field in dataset.lance_schema.fields() for each in walk(field)]


def first_file_of(dataset):
    """Fields, columns and version of the first data file."""
    file = dataset.get_fragments()[0].metadata.files[0]
    return list(file.fields), list(file.column_indices), file.file_major_version, file.file_minor_version


class Written:
    """Columns that Joust wrote into one table."""

    def __init__(self, path, named, table):
        self.path = path
        self.named = named
        self.cells = dict(named)
        self.table = table
        self.storage = named[0][1].version

    def drop(self):
        for path in (self.path, self.path + ".twin"):
            shutil.rmtree(path, ignore_errors=True)

    def twin(self, names, rows=None):
        """What the reference writes for these columns itself."""
        path = self.path + ".twin"
        shutil.rmtree(path, ignore_errors=True)
        table = self.table.select(names) if rows is None else self.table.select(names).slice(0, rows)
        return lance.write_dataset(table, path, data_storage_version=self.storage)


def read(dataset, names):
    """A whole scan, blobs as bytes."""
    return dataset.to_table(columns=names, blob_handling="all_binary")


class TableWriting:
    """Writes cells into tables and compares. `values` holds their columns."""

    def __init__(self, joust, folder, values, rng, report, checks, refusals, again=None):
        self.joust = joust
        self.folder = folder
        self.values = values
        self.rng = rng
        self.report = report
        self.checks = checks
        self.refusals = refusals
        self.again = again  # of what share of the tables Joust reads, and the reference goes on; None: all

    def run(self, cells):
        named = [(f"{cell.kind.name}_{k}", cell) for k, cell in enumerate(cells)]
        suspects = [pair for pair in named if pair[1] in self.refusals]
        calm = [pair for pair in named if pair[1] not in self.refusals]
        for group in [calm, *[[pair] for pair in suspects]]:
            if group:
                for written in self._write(group):
                    Owning(self, written).run()
                    written.drop()

    def chosen(self):
        return self.again is None or self.rng.random() < self.again

    # ---------------------------------------------------------------- writing

    def _write(self, named):
        path = str(self.folder / f"w{next(_numbers)}.lance")
        table = table_of(named, self.values)
        if not named[0][1].kind.alone:
            table = table.append_column(NUMBER, pa.array(np.arange(table.num_rows), pa.int32()))
        try:
            self.import_rows(table, path, named[0][1])
        except (JoustFailed, Hung, Died) as error:
            if getattr(error, "not_available", False):
                for _, cell in named:
                    self.report.add(cell, REFUSED, error.errors.strip())
                self.checks.lines.append(f"{REFUSED}: {len(named)} columns: {error.errors.strip()}")
                return
            if len(named) == 1:
                left = lance_exists(path)
                shutil.rmtree(path, ignore_errors=True)
                if named[0][1].layout not in ("onto", "appended") and left:
                    self.found(named[0][1], DIFFERENT, f"a table is left of a refused import: {error}")
                else:
                    self._not_written(path, named[0], table, error)
                return
        except BaseException as error:  # the reference, asked for the first rows
            if isinstance(error, KeyboardInterrupt):
                raise
            if len(named) == 1:
                self.found(named[0][1], BOTH_REFUSE, f"{first_line(error)}")
                shutil.rmtree(path, ignore_errors=True)
                return
        else:
            yield Written(path, named, table)
            return
        shutil.rmtree(path, ignore_errors=True)
        for part in parts(named):
            yield from self._write(part)

    def import_rows(self, table, path, cell):
        rng = np.random.default_rng(cell.seed)
        rows = table.num_rows
        version = ["--storage-version", cell.version]
        small = ["--page-bytes", 1 << int(rng.integers(10, 19))]
        if cell.layout == "page":
            self._import(table, path, *version)
        elif cell.layout == "pages":
            self._import(cut(table, rng), path, *version, *small)
        elif cell.layout == "files":
            self._import(cut(table, rng), path, *version, "--max-rows-per-file", max(1, rows // 3))
        else:
            first = int(rng.integers(0, rows + 1))
            if cell.layout == "onto":
                lance.write_dataset(table.slice(0, first), path, data_storage_version=cell.version)
            else:
                self._import(table.slice(0, first), path, *version)
            self._import(cut(table.slice(first), rng), path, "--mode", "append", *small)

    def _import(self, table, path, *options):
        source = self.joust.write_source(table, ".arrows")
        try:
            self.joust.run("import", source, path, *options)
        finally:
            source.unlink()

    def _not_written(self, path, pair, table, error):
        """Joust refused the column: then the reference must not be able to write and read it."""
        name, cell = pair
        reason = refusal_of(error)
        if reason is None:
            self.found(cell, DIFFERENT, f"import: {error}")
            return
        self.refusals.add(cell)
        try:
            dataset = lance.write_dataset(table, path, data_storage_version=cell.version)
            for batch in read(dataset, [name]).column(0).chunks:
                batch.validate(full=True)
        except KeyboardInterrupt:
            raise
        except BaseException as theirs:
            self.found(cell, BOTH_REFUSE, f"{reason} / {first_line(theirs)}")
        else:
            self.found(cell, REFUSED, reason)
        shutil.rmtree(path, ignore_errors=True)

    def found(self, cell, outcome, reason):
        self.report.add(cell, outcome, reason)
        if outcome == DIFFERENT:
            self.checks.lines.append(f"{outcome}: {cell}: {reason}\n  {cell.repeat()}")
        elif outcome == REFUSED:
            self.checks.lines.append(f"{outcome}: {cell}: {reason}")


def lance_exists(path):
    try:
        lance.dataset(path)
    except ValueError:
        return False
    return True


def cut(table, rng):
    """The table in batches of any size, dictionaries and all that is sliced written anew."""
    rows = table.num_rows
    if rows < 2:
        return table
    cuts = sorted({int(at) for at in rng.integers(1, rows, int(rng.integers(1, 12)))})
    pieces = [table.slice(start, end - start) for start, end in zip([0, *cuts], [*cuts, rows])]
    return pa.concat_tables(pieces)


class Owning:
    """The reference with one table that Joust wrote."""

    def __init__(self, writing, written):
        self.writing = writing
        self.written = written
        self.outcomes = {name: (SAME, None) for name in written.cells}
        self.expected = {name: (written.table.schema.field(name), written.table.column(name)) for name in written.cells}

    def run(self):
        names = list(self.written.cells)
        dataset = lance.dataset(self.written.path)
        self._validate(dataset, names)
        self._schema(dataset, names)
        self._each("scan", dataset, self._sound(), read, lambda column: column)
        count = self.written.table.num_rows
        if count:
            rows = self._rows(count)
            what = f"take {rows[:6]}... of {len(rows)}"
            flat = [name for name in self._sound() if not self.written.cells[name].kind.blob]
            self._each(what, dataset, flat, lambda of, some: of.take(rows, columns=some), lambda column: column.take(rows))
            for name in [name for name in self._sound() if self.written.cells[name].kind.name in ("blob_v1", "blob_v2")]:
                self._each(what, dataset, [name], lambda of, some: take_blobs(of, rows, some[0]), lambda column: column.take(rows))
        if self.writing.chosen():
            self._joust_reads(dataset, self._sound(), "scan by Joust")
        if self.writing.chosen() and not self.written.named[0][1].kind.alone:
            self._goes_on(self._sound())
        for name, (outcome, reason) in self.outcomes.items():
            self.writing.found(self.written.cells[name], outcome, reason)

    def _sound(self):
        return [name for name, (outcome, _) in self.outcomes.items() if outcome == SAME]

    def _rows(self, count):
        rng = self.writing.rng
        rows = rng.integers(0, count, min(40, 2 * count)).tolist()
        near = int(rng.integers(0, count))
        return [*rows, rows[0], count - 1, 0, *range(near, min(count, near + 5))]

    def _different(self, names, reason):
        for name in names:
            self.outcomes[name] = DIFFERENT, reason

    # ---------------------------------------------------------------- the table

    def _validate(self, dataset, names):
        error = attempt(dataset.validate)
        if error is not None:
            self._different(names, f"validate: {first_line(error)}")

    def _schema(self, dataset, names):
        """The schema, the ids of the fields and which column of the file each is are those that the reference makes."""
        count = min(1, self.written.table.num_rows)
        every = [*names, *([NUMBER] if NUMBER in self.written.table.column_names else [])]
        twin = attempt(lambda: self.written.twin(every, count))
        for name in names:
            alone = attempt(lambda name=name: self.written.twin([name], count)) if isinstance(twin, BaseException) else twin
            if not isinstance(alone, BaseException):
                self._stored_as(alone, dataset, name)
        if isinstance(twin, BaseException):
            return
        wrong = next((pair for pair in itertools.zip_longest(fields_of(dataset), fields_of(twin)) if pair[0] != pair[1]), None)
        if wrong:
            self._different([next((name for name in names if wrong[0] and wrong[0][0] == name), names[0])], f"field {wrong[0]} instead of {wrong[1]}")
        if (twin.schema.metadata or {}) != (dataset.schema.metadata or {}):
            self._different(names[:1], f"schema metadata {dataset.schema.metadata} instead of {twin.schema.metadata}")
        if count and first_file_of(twin) != first_file_of(dataset):
            self._different(names[:1], f"data file {first_file_of(dataset)} instead of {first_file_of(twin)}")

    def _stored_as(self, twin, dataset, name):
        want, got = twin.schema.field(name), dataset.schema.field(name)
        if not want.equals(got, check_metadata=True):
            self._different([name], f"stored as {got} {got.metadata} instead of {want} {want.metadata}")
        field, column = self.expected[name]
        other = field.type != want.type or self.written.cells[name].kind.blob  # the reference reads another type than was written
        self.expected[name] = want, None if other else column

    # ---------------------------------------------------------------- columns

    def _wanted(self, name):
        """The field and column that the reference must read; an error as column: it cannot read its own."""
        field, column = self.expected[name]
        if column is None:
            own = attempt(lambda: read(self.written.twin([name]), [name]))
            failed = isinstance(own, BaseException)
            field, column = self.expected[name] = (field, own) if failed else (own.schema.field(0), own.column(0))
        return field, column

    def _each(self, what, dataset, names, reading, of_rows, twin=None):
        """Reads these columns; where the reference fails, fewer of them, down to one."""
        if not names:
            return
        twin = twin or (lambda name: self.written.twin([name]))
        actual = attempt(lambda: reading(dataset, names))
        if not isinstance(actual, BaseException):
            for name in names:
                self._compare(what, name, actual, of_rows, lambda name=name: reading(twin(name), [name]))
        elif len(names) > 1:
            for part in parts(names):
                self._each(what, dataset, part, reading, of_rows, twin)
        else:
            own = attempt(lambda: reading(twin(names[0]), names))
            self._as_its_own(what, names[0], actual, own)

    def _as_its_own(self, what, name, error, own):
        """The reference fails: also with a table of its own?"""
        same = isinstance(own, BaseException)
        self.outcomes[name] = AS_ITS_OWN if same else DIFFERENT, f"{what}: {first_line(error)}; its own: {first_line(own) if same else 'as it should'}"

    def _compare(self, what, name, actual, of_rows, its_own):
        self.writing.checks.count += 1
        self.writing.report.checked()
        want, column = self._wanted(name)
        if isinstance(column, BaseException):
            self.outcomes[name] = AS_ITS_OWN, f"{what}: read, where the reference cannot read its own: {first_line(column)}"
            return
        got, got_column = actual.schema.field(name), actual.column(name)
        lines = same_column(want, of_rows(column), got, got_column)
        if not lines:
            return
        own = attempt(its_own)
        same = not isinstance(own, BaseException) and not same_column(own.schema.field(name), own.column(name), got, got_column)
        self.outcomes[name] = AS_ITS_OWN if same else DIFFERENT, f"{what}: {'; '.join(lines)}"

    # ---------------------------------------------------------------- going on

    def _joust_reads(self, dataset, names, what):
        """Joust reads the table as the reference does."""
        for start in range(0, len(names), 40):
            some = names[start:start + 40]
            expected = attempt(lambda some=some: read(dataset, some))
            if isinstance(expected, BaseException):
                continue
            try:
                actual = self.writing.joust.scan(self.written.path, "-c", ",".join(some), "--blobs", "bytes")
            except (JoustFailed, Hung, Died, pa.ArrowInvalid, OSError) as error:
                self._different(some[:1], f"{what}: {error}")
                continue
            for name in some:
                self.writing.checks.count += 1
                lines = same_column(expected.schema.field(name), expected.column(name), actual.schema.field(name), actual.column(name))
                if lines:
                    self._different([name], f"{what}: {'; '.join(lines)}")

    def _goes_on(self, names):
        """The reference appends rows, deletes some and compacts; then both read."""
        names = [name for name in names if not isinstance(self._wanted(name)[1], BaseException)]
        if not names:
            return
        table = self.written.table
        error = attempt(lambda: live(self.written.path, more_of(table)))
        if error is not None:
            self._alone(names)
            return
        numbers = np.concatenate([np.arange(table.num_rows), more_of(np.arange(table.num_rows))])
        numbers = numbers[kept(numbers)]
        dataset = lance.dataset(self.written.path)
        self._each("after append, delete and compaction", dataset, names, read, lambda column: column.take(pa.array(numbers)), self._twin_life)
        self._joust_reads(dataset, self._sound(), "scan by Joust after the reference went on")

    def _twin_life(self, name):
        twin = self.written.path + ".twin"
        self.written.twin([name, NUMBER])
        live(twin, more_of(self.written.table.select([name, NUMBER])))
        return lance.dataset(twin)

    def _alone(self, names):
        """The reference could not go on: with which column could it not, and is it so for its own, too?"""
        path = self.written.path + ".alone"
        for name in names:
            some = self.written.table.select([name, NUMBER])
            try:
                self.writing.import_rows(some, path, self.written.cells[name])
                error = attempt(lambda some=some: live(path, more_of(some)))
                if error is not None:
                    self._as_its_own("going on", name, error, attempt(lambda name=name: self._twin_life(name)))
            except (JoustFailed, Hung, Died) as failure:
                self._different([name], f"imported alone: {failure}")
            finally:
                shutil.rmtree(path, ignore_errors=True)


def attempt(action):
    """What the action answers, or what it raises: the reference's panics are no Exceptions."""
    try:
        return action()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return error


def take_blobs(dataset, rows, name):
    """The bytes of these rows of a blob column."""
    blobs = dataset.take_blobs(name, indices=rows)
    values = [None if blob is None else blob.readall() for blob in blobs]
    return pa.table({name: pa.array(values, pa.large_binary())}, schema=pa.schema([read(dataset, [name]).schema.field(0)]))


def more_of(rows):
    """What the reference appends, of the table's rows."""
    start = len(rows) // 3
    return rows[start:start + 50]


def live(path, more):
    """The reference goes on with a table: an append, a delete, a compaction."""
    lance.write_dataset(unsliced(more, max(1, more.num_rows)), path, mode="append")
    dataset = lance.dataset(path)
    dataset.delete(GONE)
    dataset.optimize.compact_files()
    dataset = lance.dataset(path)
    dataset.validate()
