"""How fast the same rows leave without our work: a loop of cursor and csv.writer, and COPY.

Run as `python -m bench.ceilings loop URL PETITION`; writes to standard output. Sealed values stay
sealed, cut so short that the file is about as large as the product's.
"""

import csv
import io
import sys

import psycopg

BATCH = 2_000
CHUNK_ROWS = 1_000
ROWS = """SELECT id, state, on_hold, left(supporter_tag::text, 16), left(person::text, 40),
person_key, country, visibility, language, text_id, signed_at, confirmed_at, mail_allowed,
mail_answered_at FROM signature
WHERE petition_id = {} AND state = 'confirmed' AND NOT on_hold ORDER BY id"""


def loop(url: str, petition_id: int) -> None:
    """Write the rows of a server-side cursor with csv.writer."""
    buffer = io.StringIO(newline="")
    writer, out = csv.writer(buffer), sys.stdout.buffer
    with psycopg.connect(url) as connection, connection.cursor("rows") as cursor:
        cursor.itersize = BATCH
        _wait_for_start()
        cursor.execute(ROWS.format(petition_id).encode())
        for number, row in enumerate(cursor, 1):
            writer.writerow(row)
            if number % CHUNK_ROWS == 0:
                out.write(buffer.getvalue().encode())
                buffer.seek(0)
                buffer.truncate()
    out.write(buffer.getvalue().encode())


def copy(url: str, petition_id: int) -> None:
    """Write what the server itself makes of the rows."""
    statement = f"COPY ({ROWS.format(petition_id)}) TO STDOUT (FORMAT CSV)"
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        _wait_for_start()
        with cursor.copy(statement.encode()) as pieces:
            for piece in pieces:
                sys.stdout.buffer.write(piece)


def _wait_for_start() -> None:
    """Start the clock only when Python is up and the database connected, as for our server."""
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    {"loop": loop, "copy": copy}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
