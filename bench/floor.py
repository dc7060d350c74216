"""What the product is held against: a Flask program that does the least, and one that greets.

The floor reads one row and renders a template to a page of the product's size; its post writes
two rows in one transaction and checks nothing.
"""

import os

from flask import Flask, render_template, request
from jinja2 import DictLoader
from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    select,
)

tables = MetaData()
page = Table(
    "floor_page", tables, Column("id", BigInteger, primary_key=True), Column("title", Text)
)
person = Table(
    "floor_person",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text),
    Column("email", Text),
)
mail = Table(
    "floor_mail",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("email", Text),
    Column("body", Text),
)
WORDS = "<p>Names and reasons, set in plain words, one line after another.</p>\n"
FRAME = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><form method="post"><input name="name"><input name="email"></form>
"""


def prepare(url: str) -> None:
    """Make the floor's tables and its one page in an empty database."""
    engine = create_engine(url)
    tables.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(page).values(id=1, title="A petition"))
    engine.dispose()


def application() -> Flask:
    """Return the floor program."""
    app = Flask("floor")
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=6)
    lines = (int(os.environ["BENCH_PAGE_BYTES"]) - len(FRAME)) // len(WORDS)
    app.jinja_loader = DictLoader({"page.html": FRAME + WORDS * lines + "</body></html>"})

    @app.get("/")
    def show() -> str:
        with engine.connect() as connection:
            row = connection.execute(select(page).where(page.c.id == 1)).one()
        return render_template("page.html", title=row.title)

    @app.post("/")
    def sign() -> str:
        name, email = request.form["name"], request.form["email"]
        with engine.begin() as connection:
            connection.execute(insert(person).values(name=name, email=email))
            connection.execute(insert(mail).values(email=email, body=f"Dear {name}"))
        return "<!doctype html><title>Thank you</title><h1>Thank you</h1>"

    return app


def hello() -> Flask:
    """Return the program that greets."""
    app = Flask("hello")

    @app.get("/")
    def greet() -> str:
        return "Hello"

    return app
