"""Greenhouse Explorer: look at a season of (synthetic) measurements from all sides."""

from pathlib import Path

import altair as alt
import pandas as pd
import streamlit as st

COLUMNS = {
    "Height (cm)": "height_cm",
    "Temperature (°C)": "temperature_c",
    "Humidity (%)": "humidity_pct",
    "Light (h a day)": "light_h",
}

st.set_page_config(page_title="Greenhouse Explorer", page_icon="🌿", layout="wide")


@st.cache_data
def load() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "greenhouse.csv", parse_dates=["date"])


def choose(data: pd.DataFrame) -> pd.DataFrame:
    """Ask for crops and days in the sidebar, and return what was chosen."""
    crops = sorted(data["crop"].unique())
    chosen = st.sidebar.multiselect("Crops", crops, default=crops)
    first, last = data["date"].min().date(), data["date"].max().date()
    begin, end = st.sidebar.slider("Days", first, last, (first, last), format="D MMM")
    st.sidebar.caption("The data is synthetic: made by a script from a fixed seed.")
    return data[data["crop"].isin(chosen) & data["date"].between(str(begin), str(end))]


def show_figures(data: pd.DataFrame) -> None:
    height = data.groupby("crop")["height_cm"]
    growth = height.max() - height.min()
    columns = st.columns(4)
    columns[0].metric("Measurements", f"{len(data):,}")
    columns[1].metric("Grew most", growth.idxmax(), f"{growth.max():.0f} cm")
    columns[2].metric("Mean temperature", f"{data['temperature_c'].mean():.1f} °C")
    columns[3].metric("Mean light", f"{data['light_h'].mean():.1f} h")


def show_course(data: pd.DataFrame) -> None:
    label = st.selectbox("Measure", list(COLUMNS))
    column = COLUMNS[label]
    weekly = st.toggle("Weekly means", value=column != "height_cm", key=f"weekly-{column}")
    course = data.pivot_table(index="date", columns="crop", values=column)
    st.line_chart(course.resample("W").mean() if weekly else course, y_label=label, height=380)


def show_relation(data: pd.DataFrame) -> None:
    left, right = st.columns(2)
    across = left.selectbox("Across", list(COLUMNS), index=3)
    up = right.selectbox("Up", list(COLUMNS), index=1)
    # Both axes begin near the first value: from 0, most measurements would crowd in a corner.
    close = alt.Scale(zero=False)
    chart = alt.Chart(data, height=380).mark_circle(size=45)
    st.altair_chart(
        chart.encode(
            x=alt.X(COLUMNS[across], title=across, scale=close),
            y=alt.Y(COLUMNS[up], title=up, scale=close),
            color=alt.Color("crop", title=None),
            tooltip=["date", "crop", COLUMNS[across], COLUMNS[up]],
        )
    )


def show_rows(data: pd.DataFrame) -> None:
    names = {column: label for label, column in COLUMNS.items()} | {"crop": "Crop"}
    date = st.column_config.DateColumn("Date", format="D MMM YYYY")
    st.dataframe(data, hide_index=True, height=380, column_config=names | {"date": date})
    st.download_button("Download as CSV", data.to_csv(index=False), "greenhouse.csv", "text/csv")


st.title("Greenhouse Explorer")
selection = choose(load())
if selection.empty:
    st.info("Nothing to show: choose at least one crop in the sidebar.")
    st.stop()
show_figures(selection)
for tab, show in zip(
    st.tabs(["Over time", "Against each other", "Rows"]), (show_course, show_relation, show_rows), strict=True
):
    with tab:
        show(selection)
